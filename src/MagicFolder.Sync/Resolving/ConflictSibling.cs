using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Resolving;

/// <summary>One of the unequal versions in a conflict.</summary>
/// <param name="Participant">Who made it.</param>
/// <param name="Value">What it is.</param>
/// <param name="Dots">The events that made it; several when it was made alike by several.</param>
/// <param name="File">Where it stands on this disk: under the path's own name or as a conflict file. Null when it is not here yet.</param>
/// <param name="IsMain">Is it what this computer keeps under the path's own name?</param>
public sealed record ConflictSibling(string Participant, EntryValue Value, ImmutableArray<Dot> Dots, RelativePath? File, bool IsMain);
