using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// A version that has come to stand under the path's own name stands beside as well until the conflict file goes. If it still is there, because a process ended in between or its user touched it,
/// removing the second of two equal files decides against nothing. One that was gone by then was decided against.
/// </summary>
internal static class StandsTwice
{
    internal static void Note(EngineParts parts, RelativePath main, EntryValue value)
    {
        foreach (var file in parts.State.ConflictFiles.ForMain(main))
            if (file.Value.IsSameVersionAs(value) && IsThere(parts.Disk, file)) parts.State.ConflictFiles.Put(file with { Dots = [] });
    }

    private static bool IsThere(IDisk disk, ConflictFile file)
    {
        try
        {
            return file.MayBe(disk.StatOrNull(file.File));
        }
        catch (DiskException)
        {
            return false;
        }
    }
}
