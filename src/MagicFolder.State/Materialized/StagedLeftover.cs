using System.Collections.Immutable;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.State;

/// <summary>What was swapped out and still is in staging, until nobody can be writing to it any more.</summary>
/// <param name="Stage">Where it is now.</param>
/// <param name="Path">Where it was.</param>
/// <param name="Dots">The versions it stood for.</param>
/// <param name="Value">What it was recorded as.</param>
/// <param name="Signature">Its signature after the swap; when the disk differs, somebody wrote to it.</param>
/// <param name="SinceMs">When it was swapped out, milliseconds since the epoch.</param>
public sealed record StagedLeftover(
    RelativePath Stage,
    RelativePath Path,
    ImmutableArray<Dot> Dots,
    EntryValue Value,
    DiskSignature Signature,
    long SinceMs);
