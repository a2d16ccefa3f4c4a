using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Planning;

/// <summary>What is where a directory has to be, for something to be put into it.</summary>
internal enum Way
{
    Open,

    /// <summary>Something that is no directory.</summary>
    Blocked,

    /// <summary>The user removed it, and that is not captured yet.</summary>
    Removed,

    /// <summary>It has to be made.</summary>
    Missing,
}

/// <summary>Decides whether a directory may be used, or made. Only decides.</summary>
internal static class WayPlan
{
    internal static Way Look(RelativePath directory, ISituation situation)
    {
        if (directory.IsRoot) return Way.Open;
        if (situation.StatOrNull(directory) is { } stat) return stat.Kind == DiskKind.Directory ? Way.Open : Way.Blocked;
        return situation.RecordAt(directory) is null ? Way.Missing : Way.Removed;
    }
}
