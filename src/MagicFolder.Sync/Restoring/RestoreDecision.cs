using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Restoring;

/// <summary>What there is now where something is to be restored in place.</summary>
/// <param name="HoldsSomething">Is it a directory with something in it?</param>
/// <param name="IsInConflict">Has the path several versions?</param>
/// <param name="IsWaiting">Does the disk still wait to be brought to what the tree says?</param>
/// <param name="FileAbove">A file that stands where a directory above the path would have to be.</param>
internal readonly record struct PresentState(bool HoldsSomething, bool IsInConflict, bool IsWaiting, RelativePath? FileAbove);

/// <summary>May a former version be put in place? Never where anything else than the present version of the same path would have to go for it.</summary>
internal static class RestoreDecision
{
    /// <summary>Is it what is on the disk already, as far as that is recorded?</summary>
    internal static bool IsThere(EntryValue former, MaterializedRecord? record) => record is not null && (former.Kind == EntryKind.Directory
        ? record.Value.Kind == EntryKind.Directory
        : former.IsSameVersionAs(record.Value));

    /// <summary>Null when it may be put in place.</summary>
    internal static Problem? ProblemWith(FormerItem item, PresentState now)
    {
        if (now.FileAbove is { } above) return new Problem(above, "it is no directory now, as it was then", "rename it first, or restore with --to");
        if (now.IsInConflict) return new Problem(item.Path, "it is in conflict", "settle that first with 'resolve', or restore with --to");
        if (now.IsWaiting) return new Problem(item.Path, "something else still waits to be done there", "see 'why', or restore with --to");
        return now.HoldsSomething && item.Value.Kind != EntryKind.Directory
            ? new Problem(item.Path, "a directory with something in it has this name now", "empty or rename it first, or restore with --to")
            : null;
    }
}
