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

    /// <summary>Could this be the conflict file, edited perhaps? A directory in the place of a file is something else: then the file was removed.</summary>
    internal static bool MayBe(this ConflictFile file, DiskStat? stat) =>
        stat is { } there && (there.Kind == DiskKind.Directory) == (file.Value.Kind == EntryKind.Directory);
}
