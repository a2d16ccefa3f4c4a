using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// What a listing left out is asked for by its name before its absence counts as a deletion: a listing that takes long may leave out what was replaced meanwhile, and a file system may have been unmounted during it.
/// </summary>
internal sealed class Absences(EngineParts parts, IgnoreRules ignore)
{
    private readonly Spellings _spellings = new(parts.Disk);
    private readonly Mounts _mounts = new(parts.Disk, parts.State.Records);
    private RelativePath? _goneDirectory;

    /// <summary>Why nothing can be said of what is missing here; null where nothing speaks against it.</summary>
    internal Problem? FindMountAbove(RelativePath path) => _mounts.Above(path) is { } mount ? Mounts.ToProblem(mount) : null;

    /// <param name="record">Ascending by path, those above it while they are still recorded.</param>
    /// <param name="problem">Why nothing can be said of it; null where it is there after all.</param>
    internal bool IsGone(MaterializedRecord record, out Problem? problem)
    {
        var path = record.Path;
        problem = null;
        // What had a file system of its own below a directory that is gone is away with it, and was not deleted.
        bool isBelowGone = _goneDirectory is { } above && path.IsUnder(above);
        try
        {
            if (!isBelowGone && parts.Disk.StatOrNull(path) is { } stat && !_spellings.IsAnother(path) && !HasGivenWay(record, stat)) return false;
        }
        catch (DiskException e)
        {
            problem = e.ToProblem();
            return false;
        }
        problem = _mounts.AtOrAbove(record) is { } mount ? Mounts.ToProblem(mount) : null;
        if (problem is not null) return false;
        if (!isBelowGone && record.Value.Kind == EntryKind.Directory) _goneDirectory = path;
        return true;
    }

    /// <summary>To something of another kind that is ignored: no walk will ever show what that is.</summary>
    private bool HasGivenWay(MaterializedRecord record, DiskStat stat)
    {
        bool isDirectory = stat.Kind == DiskKind.Directory;
        return isDirectory != (record.Value.Kind == EntryKind.Directory) && ignore.Covers(record.Path, isDirectory);
    }
}
