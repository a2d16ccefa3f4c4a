using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Materialized;

/// <summary>
/// A sibling standing beside its path. It is a conflict file because of this record, never because of its name. It is not synchronized.
/// </summary>
/// <param name="File">Where the sibling stands.</param>
/// <param name="Main">The path that it is a version of.</param>
/// <param name="Dots">The versions it stands for; removing the file supersedes exactly these. None once the version stands under the path's own name as well.</param>
/// <param name="Value">What was put there.</param>
/// <param name="Signature">
/// Where the disk has the same, it is what was put there. Where it differs, or is <c>default</c> (an edit could hide behind fresh times), the content tells: what the user edited is never
/// removed or overwritten.
/// </param>
public sealed record ConflictFile(
    RelativePath File,
    RelativePath Main,
    ImmutableArray<Dot> Dots,
    EntryValue Value,
    DiskSignature Signature);
