using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Checking;

/// <summary>A part of a retained tree that cannot be read any more: which paths it has there cannot be told from the grid.</summary>
/// <param name="Snapshot">Whose tree.</param>
/// <param name="After">The part begins behind this path; null when with the first.</param>
/// <param name="Last">The last path of the part; null when it reaches to the end.</param>
/// <param name="Reason">Why it cannot be read.</param>
public sealed record LostTree(LoggedSnapshot Snapshot, RelativePath? After, RelativePath? Last, string Reason);
