using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Watching;

/// <summary>Where to look sooner. Only hints: something may have changed elsewhere, and nothing may have changed there.</summary>
/// <param name="Everything">Look everywhere; then <paramref name="Paths"/> is empty.</param>
/// <param name="Paths">Look at these and, where one is a directory, at everything below. Distinct, in no order.</param>
public readonly record struct WatchHints(bool Everything, IReadOnlyCollection<RelativePath> Paths);
