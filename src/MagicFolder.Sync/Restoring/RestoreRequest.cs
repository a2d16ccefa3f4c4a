using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Restoring;

/// <summary>What is to be brought back: exactly one of the two is given.</summary>
/// <param name="Path">A file or a directory with all that was in it; the root for everything.</param>
/// <param name="Version">The beginning of a version id.</param>
/// <param name="AtMs">A point in time, milliseconds since the epoch: the newest snapshot of the acting participant until then.</param>
public sealed record RestoreRequest(RelativePath Path, string? Version, long? AtMs);
