using MagicFolder.FileSystem.Applying;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Applying;

/// <summary>One atomic step on the disk, journalled before it is taken.</summary>
internal sealed class ApplyStep
{
    internal required PathWork Work { get; init; }

    internal required ApplyIntent Intent { get; set; }

    /// <summary>What the record said of the place before; null for a creation.</summary>
    internal MaterializedRecord? Former { get; init; }

    /// <summary>The step that brings the staged thing from elsewhere in the folder: a move is one step away and one step in.</summary>
    internal ApplyStep? After { get; init; }

    /// <summary>Set on the step that takes a file away so that another can put it elsewhere: nothing of it is left to be looked after.</summary>
    internal bool StageIsReused { get; set; }

    /// <summary>What it took away, as it is since the step that was to put it elsewhere has set its time; null when it has not.</summary>
    internal MaterializedRecord? OnStage { get; set; }

    /// <summary>Only to be taken when all steps before it of the same path are done: a version goes from beside only once it is where it belongs now.</summary>
    internal bool IsLast { get; init; }

    /// <summary>Puts a version beside its path.</summary>
    internal bool StandsBeside => Intent is { Kind: IntentKind.Create, ConflictOf: not null };

    internal ApplyOutcome Outcome { get; set; }

    internal bool IsDone => Outcome.Kind == ApplyKind.Done;

    internal RelativePath Path => Intent.Path;
}
