using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Which conflict files a version that has come to stand under the path's own name was seen with, so that removing one decides for what its user had in front of them.
/// One that is gone by now was removed beside what stood there before. One with the very version that came may still be there, because a process ended in between or its user touched it:
/// removing the second of two equal files decides against nothing.
/// </summary>
internal static class SeenBeside
{
    internal static void Note(EngineParts parts, RelativePath main, EntryValue value)
    {
        foreach (var file in parts.State.ConflictFiles.ForMain(main))
        {
            if (IsThere(parts.Disk, file) is not { } isThere) continue;
            var noted = file with { WasGone = !isThere, Dots = isThere && file.Value.IsSameVersionAs(value) ? [] : file.Dots };
            if (noted != file) parts.State.ConflictFiles.Put(noted);
        }
    }

    /// <summary>Null where the disk does not tell.</summary>
    private static bool? IsThere(IDisk disk, ConflictFile file)
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
