using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Recognizes files that moved with their directory, so that they are not read again. Renaming a directory leaves inode, times and size of what is in it as they were, and
/// nobody can set a ctime: what has all of them is the file that was recorded, unchanged, by the same rule by which a file in its place counts as unchanged.
/// </summary>
internal sealed class MovedFiles(EngineParts parts, EngineTools tools)
{
    private const long Second = 1_000_000_000;

    private readonly Dictionary<RelativePath, RelativePath> _formerly = [];
    private readonly HashSet<BlobId> _contents = [];
    private Dictionary<(ulong Device, ulong Inode), RelativePath>? _directories;

    /// <summary>Has a directory with another name been met?</summary>
    internal bool Any => _formerly.Count > 0;

    /// <summary>Those of the files that were recognized.</summary>
    internal IReadOnlySet<BlobId> Contents => _contents;

    /// <summary>Has a file to be read? Ask about directories, too, before what is in them.</summary>
    internal bool NeedsReading(LocalObservation.Differs differs) => differs.Record is not null || Recognize(differs.Seen, tools.NowNs()) is null;

    /// <summary>The file's version and what it is on the disk, if it is one that was recorded in the same directory under another name of that; null otherwise: then it has to be read.</summary>
    /// <param name="seen">A path without record. Directories come before what is in them.</param>
    /// <param name="lookedAt">When; nanoseconds since the epoch.</param>
    internal (EntryValue Value, DiskStat Stat)? Recognize(ScanItem.Seen seen, long lookedAt)
    {
        var stat = seen.Stat;
        if (stat.Kind == DiskKind.Directory) NoteDirectory(seen.Path, stat);
        // Whole seconds are those of a disk whose times and inode numbers say little.
        if (stat.Kind != DiskKind.File || stat.Inode == 0 || stat.CtimeNs % Second == 0 || Racy.IsRacy(stat, lookedAt)) return null;
        if (!_formerly.TryGetValue(seen.Path.Parent, out var directory)) return null;
        if (parts.State.Records.Find(directory.Child(seen.Path.Name)) is not { Racy: false, Value: { Kind: EntryKind.File } value } record) return null;
        if (stat.ToSignature() != record.Signature || value.Size != stat.Size) return null;
        if (!_contents.Contains(value.Content) && !tools.Catalog.ContainsContent(value.Content)) return null;
        _contents.Add(value.Content);
        // With its time and bits as they were: others move the directory as a whole only where all is the same.
        return (value, stat);
    }

    private void NoteDirectory(RelativePath path, DiskStat stat)
    {
        if (_formerly.ContainsKey(path)) return;
        _directories ??= ReadDirectories();
        if (_directories.TryGetValue((stat.Device, stat.Inode), out var former) && former != path && !HasStayed(former, stat)) _formerly[path] = former;
    }

    /// <summary>Also when nobody can tell.</summary>
    private bool HasStayed(RelativePath former, DiskStat stat)
    {
        try
        {
            return parts.Disk.StatOrNull(former) is { } there && there.Inode == stat.Inode && there.Device == stat.Device;
        }
        catch (DiskException)
        {
            return true;
        }
    }

    private Dictionary<(ulong Device, ulong Inode), RelativePath> ReadDirectories()
    {
        var directories = new Dictionary<(ulong Device, ulong Inode), RelativePath>();
        foreach (var record in parts.State.Records.Directories()) directories[(record.Signature.Device, record.Signature.Inode)] = record.Path;
        return directories;
    }
}
