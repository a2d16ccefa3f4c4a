using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Scanning;

internal static class DiskLooks
{
    /// <summary>
    /// What stands at a path, or null also when its directory is missing or is none. Only for decisions in which nothing and nothing reachable are the same;
    /// an unreadable directory is still a <see cref="DiskException"/>.
    /// </summary>
    internal static DiskStat? StatOrNull(this IDiskReader disk, RelativePath path)
    {
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
    internal static IEnumerable<RelativePath> WayTo(this IDiskReader disk, RelativePath path)
    {
        while (!path.IsRoot)
        {
            path = path.Parent;
            if (disk.StatOrNull(path) is { Kind: DiskKind.Directory }) yield return path;
        }
    }

    /// <summary>Could this be the conflict file, edited perhaps? A directory in the place of a file is something else: then the file was removed.</summary>
    internal static bool MayBe(this ConflictFile file, DiskStat? stat) =>
        stat is { } there && (there.Kind == DiskKind.Directory) == (file.Value.Kind == EntryKind.Directory);
}
