using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Materialized;

/// <summary>
/// What this computer knows to be on its disk at a path: which versions (dots, ascending) the user has in front of them, their value and the disk
/// signature under which it was seen.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="Dots">The versions it stands for; empty only when <paramref name="Implied"/>.</param>
/// <param name="Value">What is on the disk, in the terms of the tree.</param>
/// <param name="Signature">When this differs from the disk, something changed locally.</param>
/// <param name="Implied">A directory that stands only because of what is in it; it has no version of its own.</param>
/// <param name="Racy">Seen so soon after its last change that a later change might carry the same signature: to be read again.</param>
public sealed record MaterializedRecord(
    RelativePath Path,
    ImmutableArray<Dot> Dots,
    EntryValue Value,
    DiskSignature Signature,
    bool Implied = false,
    bool Racy = false);
