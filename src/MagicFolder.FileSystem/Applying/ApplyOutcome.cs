using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Applying;

public enum ApplyKind
{
    /// <summary>It is as it was asked for.</summary>
    Done = 1,

    /// <summary>What is in place is not what was expected: a local edit, which is in place, untouched.</summary>
    LocalChange,

    /// <summary>Two local versions appeared at once: the newest is in place, the other is in the stage and has to be kept.</summary>
    KeptAside,

    /// <summary>The disk refused. What is in place is the old thing, unless <see cref="ApplyOutcome.StageHoldsOld"/>.</summary>
    Failed,
}

/// <summary>How one step of applying ended. <c>default</c> is no outcome.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="InPlace">
/// What is in place now: when done, the thing that was put there, for the record (null after a removal); otherwise what was seen there last, null for nothing or unknown.
/// </param>
/// <param name="StageHoldsOld">
/// The stage holds something that was in place: never remove it before <see cref="FolderApplier.InspectSwappedOut"/>
/// says that it is untouched, and capture it after <see cref="ApplyKind.KeptAside"/> and <see cref="ApplyKind.Failed"/>.
/// </param>
/// <param name="Problem">Why it failed; else null.</param>
public readonly record struct ApplyOutcome(ApplyKind Kind, DiskStat? InPlace, bool StageHoldsOld, Problem? Problem)
{
    /// <summary>After <see cref="ApplyKind.Failed"/>: what was in place was left here (<see cref="AsidePlace"/>), and is to be looked after like what a stage holds; else null.</summary>
    public RelativePath? Aside { get; init; }

    /// <summary>It was on the way back: what was in place was what had been put there.</summary>
    public bool AsideIsOurs { get; init; }

    internal static ApplyOutcome Done(DiskStat? inPlace, bool stageHoldsOld) => new(ApplyKind.Done, inPlace, stageHoldsOld, null);

    internal static ApplyOutcome LocalChange(DiskStat? inPlace) => new(ApplyKind.LocalChange, inPlace, StageHoldsOld: false, null);

    internal static ApplyOutcome KeptAside(DiskStat? inPlace) => new(ApplyKind.KeptAside, inPlace, StageHoldsOld: true, null);

    internal static ApplyOutcome Failed(DiskException trouble, bool stageHoldsOld = false) =>
        new(ApplyKind.Failed, null, stageHoldsOld, trouble.ToProblem());
}
