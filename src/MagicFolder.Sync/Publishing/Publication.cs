using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Publishing;

/// <summary>What the stage of publishing did.</summary>
/// <param name="HasPublished">Was a head written?</param>
/// <param name="ReadAgain">Null, or why nothing newer was published: what counted as stored has gone, and the next round stores it again. The files that it has to read for that.</param>
internal readonly record struct Publication(bool HasPublished, IReadOnlyList<RelativePath>? ReadAgain);
