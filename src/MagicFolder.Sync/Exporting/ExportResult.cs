using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Sync.History;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Exporting;

/// <summary>A snapshot as directories of Tahoe-LAFS.</summary>
/// <param name="Snapshot">Which one.</param>
/// <param name="Tree">The read cap of this snapshot, which never changes: <c>content</c> beside <c>metadata</c>.</param>
/// <param name="Directory">The read cap of the directory that has <c>Latest</c> and <c>Archives</c>.</param>
/// <param name="Files">Files in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Stored">Files whose content had to be stored; the others were on the grid from an earlier time.</param>
/// <param name="Problems">Paths that are not in it, and why.</param>
public sealed record ExportResult(
    LoggedSnapshot Snapshot, DirectoryCap Tree, DirectoryCap Directory, int Files, long Bytes, int Stored, ImmutableArray<Problem> Problems)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => $"ExportResult({Snapshot.ShownVersion}, {Files} files)";
}
