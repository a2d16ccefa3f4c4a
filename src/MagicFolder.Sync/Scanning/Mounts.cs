using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;

namespace MagicFolder.Sync.Scanning;

/// <summary>
/// Where a file system was mounted inside of the folder and is not, or the other way round: below that nothing can be said of what is recorded, and nothing be put there. Each directory is looked at once.
/// </summary>
internal sealed class Mounts(IDisk disk, RecordsTable records)
{
    private readonly Dictionary<RelativePath, RelativePath?> _above = [];
    private ulong? _rootDevice;

    /// <summary>The directory on the way to a path that is on another file system than recorded, or null.</summary>
    internal RelativePath? Above(RelativePath path)
    {
        var parent = path.Parent;
        if (parent.IsRoot) return null;
        if (!_above.TryGetValue(parent, out var found)) _above.Add(parent, found = Look(parent));
        return found;
    }

    /// <summary>The same for something that is not there, which may have been mounted itself.</summary>
    internal RelativePath? AtOrAbove(MaterializedRecord missing) => HasGoneWithItsDirectory(missing) ? missing.Path : Above(missing.Path);

    internal static bool IsAnother(DiskStat stat, MaterializedRecord record) =>
        stat.Kind == DiskKind.Directory && record.Value.Kind == EntryKind.Directory && stat.Device != record.Signature.Device;

    internal static Problem ToProblem(RelativePath directory) =>
        new(directory, "another file system is mounted here than before, or none", "mount the one that was here; what is on it stays as it is until then. If it is that one under another number, run 'recover' (docs/recovery.md)");

    /// <summary>The nearest one on the way that is recorded and is there decides: what is missing below it may be on the file system that is away.</summary>
    private RelativePath? Look(RelativePath directory)
    {
        if (records.Find(directory) is not { } record) return Above(directory);
        if (StatOrNull(directory) is { } stat) return IsAnother(stat, record) ? directory : null;
        return HasGoneWithItsDirectory(record) ? directory : Above(directory);
    }

    /// <summary>Some remove the directory that they had mounted something on (ZFS, autofs, tools for FUSE). It was on another file system than the directory that it was in.</summary>
    private bool HasGoneWithItsDirectory(MaterializedRecord missing)
    {
        if (missing.Value.Kind != EntryKind.Directory) return false;
        for (var above = missing.Path.Parent; !above.IsRoot; above = above.Parent)
            if (records.Find(above) is { Value.Kind: EntryKind.Directory } record) return missing.Signature.Device != record.Signature.Device;
        return missing.Signature.Device != (_rootDevice ??= StatOrNull(RelativePath.Root)?.Device ?? missing.Signature.Device);
    }

    /// <summary>What cannot be looked at tells of no mount, and of nothing else either.</summary>
    private DiskStat? StatOrNull(RelativePath path)
    {
        try
        {
            return disk.StatOrNull(path);
        }
        catch (DiskException)
        {
            return null;
        }
    }
}
