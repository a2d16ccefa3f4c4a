using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Whoever decides a conflict makes the version that they decide for anew, with those decided against in front of them. Had they only taken these away, two who decide at the same time, one
/// for each version, would together take away both.
/// </summary>
internal static class ConflictDecision
{
    /// <summary>The versions that a conflict file stands for; but not one under which, unpublished, another value stands by now.</summary>
    internal static ImmutableArray<Dot> Against(Entry? entry, ConflictFile file)
    {
        var standing = entry?.DotsOf(file.Value) ?? [];
        return [.. file.Dots.Where(standing.Contains)];
    }

    /// <summary>
    /// What removing a conflict file decides for: what stands under the path's own name, whatever its user may have done to it since. Null where nothing does, or only a directory for what is in it; where
    /// the version decided against has come to stand there meanwhile, or another one, after the removal; and for a participant that only reads: what it makes is taken by nobody, and would be in conflict with
    /// what others make of the same version.
    /// </summary>
    internal static MaterializedRecord? Kept(EngineParts parts, bool isReadOnly, ConflictFile removed) =>
        !isReadOnly && !removed.WasGone && parts.State.Records.Find(removed.Main) is { Implied: false } record && !record.Value.IsSameVersionAs(removed.Value) && parts.Disk.StatOrNull(removed.Main) is not null
            ? record
            : null;
}
