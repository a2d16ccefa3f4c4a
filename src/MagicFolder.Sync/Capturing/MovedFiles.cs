using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Recognizes large files that moved with their directory, so that they are not read again. Renaming a directory leaves inode, times and size of what is in it as they were, and
/// nobody can set a ctime: what has all of them is the file that was recorded, unchanged, by the same rule by which a file in its place counts as unchanged.
/// </summary>
internal sealed class MovedFiles(EngineParts parts, EngineTools tools)
{
    /// <summary>Smaller files are read as fast as they are recognized.</summary>
    private const long LargeFrom = 4L << 20;

    private const long Second = 1_000_000_000;

    private Dictionary<ulong, MaterializedRecord>? _byInode;

    /// <summary>The file's version and what it is on the disk, if it is one that was recorded somewhere else and has gone from there; null otherwise: then it has to be read.</summary>
    /// <param name="seen">A path without record.</param>
    /// <param name="lookedAt">When; nanoseconds since the epoch.</param>
    internal (EntryValue Value, DiskStat Stat)? Recognize(ScanItem.Seen seen, long lookedAt)
    {
        var stat = seen.Stat;
        // Whole seconds are those of a disk whose times and inode numbers say little.
        if (stat.Kind != DiskKind.File || stat.Size < LargeFrom || stat.Inode == 0 || stat.CtimeNs % Second == 0 || Racy.IsRacy(stat, lookedAt)) return null;
        _byInode ??= ReadLarge();
        if (!_byInode.TryGetValue(stat.Inode, out var record) || stat.ToSignature() != record.Signature || record.Value.Size != stat.Size) return null;
        if (!tools.Catalog.ContainsContent(record.Value.Content) || HasStayed(record)) return null;
        return (EntryValue.File(record.Value.Content, stat.Size, stat.MtimeNs, stat.Mode), stat);
    }

    /// <summary>Also when nobody can tell.</summary>
    private bool HasStayed(MaterializedRecord record)
    {
        try
        {
            return parts.Disk.StatOrNull(record.Path) is { } there && there.Inode == record.Signature.Inode;
        }
        catch (DiskException)
        {
            return true;
        }
    }

    private Dictionary<ulong, MaterializedRecord> ReadLarge()
    {
        var large = new Dictionary<ulong, MaterializedRecord>();
        foreach (var record in parts.State.Records.All())
            if (record is { Racy: false, Value: { Kind: EntryKind.File, Size: >= LargeFrom } }) large[record.Signature.Inode] = record;
        return large;
    }
}
