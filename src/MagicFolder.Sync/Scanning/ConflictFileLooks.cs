using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Scanning;

internal static class ConflictFileLooks
{
    /// <summary>Could this be the conflict file, edited perhaps? A directory in the place of a file is something else: then the file was removed.</summary>
    internal static bool MayBe(this ConflictFile file, DiskStat? stat) =>
        stat is { } there && (there.Kind == DiskKind.Directory) == (file.Value.Kind == EntryKind.Directory);

    /// <summary>Is it there now? Null where the disk does not tell.</summary>
    internal static bool? IsThere(this ConflictFile file, IDisk disk)
    {
        try
        {
            return file.MayBe(disk.StatOrNull(file.File));
        }
        catch (DiskException)
        {
            return null;
        }
    }
}
