using System.Collections.Immutable;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Resolving;

/// <summary>How a conflict was settled.</summary>
/// <param name="Path">The path that was in conflict.</param>
/// <param name="Participant">Whose version is in place now; null when it is the one that was.</param>
/// <param name="Cleared">The conflict files that were taken away.</param>
/// <param name="IsSettled">False when somebody changed something meanwhile, so that a conflict remains or the disk waits.</param>
public sealed record ResolveResult(RelativePath Path, string? Participant, ImmutableArray<RelativePath> Cleared, bool IsSettled);
