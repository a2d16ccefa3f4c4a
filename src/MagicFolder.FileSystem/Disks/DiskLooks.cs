using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

/// <summary>Questions about a disk that are made of several looks.</summary>
public static class DiskLooks
{
    /// <summary>
    /// What stands at a path, or null also when its directory is missing or is none. Only for decisions in which nothing and nothing reachable are the same;
    /// an unreadable directory is still a <see cref="DiskException"/>.
    /// </summary>
    public static DiskStat? StatOrNull(this IDiskReader disk, RelativePath path)
    {
        ArgumentNullException.ThrowIfNull(disk);
        try
        {
            return disk.Stat(path);
        }
        catch (DiskException e) when (e.Fault is DiskFault.NotFound or DiskFault.WrongKind or DiskFault.SymlinkOnTheWay)
        {
            return null;
        }
    }

    /// <summary>The directories that lead to a path and are there, the folder itself last: to be flushed, so that what stands at the path can be found after a power loss.</summary>
    public static IEnumerable<RelativePath> WayTo(this IDiskReader disk, RelativePath path)
    {
        while (!path.IsRoot)
        {
            path = path.Parent;
            if (disk.StatOrNull(path) is { Kind: DiskKind.Directory }) yield return path;
        }
    }
}
