using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Names;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Planning;

/// <summary>Decides what is done under a path's own name: <see cref="MainAction"/>, where the disk is as recorded. Only decides.</summary>
internal static class MainPlan
{
    /// <summary>
    /// Another spelling of the name is here already, and this disk takes them for one. Where there is a record, what was here has got the other spelling since: a local change.
    /// </summary>
    internal static bool HasTwin(RelativePath path, DesiredState desired, MaterializedRecord? record, ISituation situation) =>
        (desired.Kind != MainKind.Nothing || record is not null) && situation.HasTwin(path);

    internal static MainStep Decide(RelativePath path, DesiredState desired, MaterializedRecord? record, ISituation situation)
    {
        var action = MainAction.Decide(record, desired);
        if (action == MainActionKind.None) return MainStep.None;
        if (action == MainActionKind.Remove) return MainStep.WaitForRemovals;
        if (action is not (MainActionKind.Adopt or MainActionKind.KeepAsImplied) && NameRules.Check(path, NameRules.Host) != NameFault.None) return MainStep.RefuseName;
        if (Look(path, desired, record, situation) is { } obstacle) return obstacle;
        return action switch
        {
            MainActionKind.Adopt => MainStep.Adopt,
            MainActionKind.Create => MainStep.Create,
            MainActionKind.KeepAsImplied => MainStep.KeepAsImplied,
            MainActionKind.CreateImplied => MainStep.CreateImplied,
            _ when record!.Value.Kind == EntryKind.Directory && situation.AnyRecordUnder(path) => MainStep.WaitForRemovals,
            _ when record!.Value.Kind == EntryKind.Directory && situation.HoldsOnlyWhatStays(path) => MainStep.WaitForWhatStays,
            MainActionKind.ReplaceByImplied => MainStep.ReplaceByImplied,
            _ => MainStep.Replace,
        };
    }

    /// <summary>
    /// The look before: what is on the disk must be what is recorded, and a record too young to be trusted has to be read again first. Null when it is so.
    /// </summary>
    private static MainStep? Look(RelativePath path, DesiredState desired, MaterializedRecord? record, ISituation situation)
    {
        var stat = situation.StatOrNull(path);
        if (stat is { Kind: DiskKind.Special }) return MainStep.WaitForSpecial;
        // A conflict file had the name, and the user removed it: that decides about its version, and has to be captured before something else takes the name.
        if (record is null && stat is null) return situation.ConflictFileAt(path) is null ? null : MainStep.LookAgain;
        if (record is not null) return stat is { } now && now.LooksLike(record) ? null : MainStep.LookAgain;
        if (stat is { Kind: DiskKind.Directory } && desired.Kind == MainKind.ImpliedDirectory) return MainStep.TakeAsImplied;
        return situation.ConflictFileAt(path) is null ? MainStep.LookAgain : MainStep.GiveWay;
    }
}
