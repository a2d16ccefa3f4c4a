using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Planning;

/// <summary>How something recorded goes away.</summary>
internal enum RemovalStep
{
    /// <summary>It is not as recorded, has got another spelling, or was decided for.</summary>
    LookAgain,

    Remove,

    /// <summary>Only if nothing is in it.</summary>
    RemoveIfEmpty,
}

/// <summary>Decides about what the tree no longer wants. Only decides.</summary>
internal static class RemovalPlan
{
    internal static RemovalStep Decide(MaterializedRecord record, ISituation situation)
    {
        if (situation.HasTwin(record.Path) || BesidePlan.IsDecided(record.Path, situation)) return RemovalStep.LookAgain;
        if (record.Value.Kind == EntryKind.Directory) return RemovalStep.RemoveIfEmpty;
        return situation.StatOrNull(record.Path) is { } stat && stat.LooksLike(record) ? RemovalStep.Remove : RemovalStep.LookAgain;
    }
}
