using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Restoring;

/// <summary>What was brought back.</summary>
/// <param name="Snapshot">From where.</param>
/// <param name="Restored">Paths that are again as they were, and were not before.</param>
/// <param name="Unchanged">Paths that were so already.</param>
/// <param name="Problems">Paths that could not be brought back.</param>
public sealed record RestoreResult(LoggedSnapshot Snapshot, int Restored, int Unchanged, ImmutableArray<Problem> Problems);
