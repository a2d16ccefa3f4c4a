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
/// Where the disk has the same, it is what was put there. Where it differs, or matches nothing (<see cref="DiskSignature.OfBit"/>: an edit could hide behind fresh times), content and bit tell: what the user edited is never
/// removed or overwritten.
/// </param>
/// <param name="WasGone">It had been removed when what stands in place by now came there: that decides against the versions it stands for, and for nothing that its user had not seen beside it.</param>
public sealed record ConflictFile(
    RelativePath File,
    RelativePath Main,
    ImmutableArray<Dot> Dots,
    EntryValue Value,
    DiskSignature Signature,
    bool WasGone = false);
