using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Scanning;

/// <summary>
/// Walks a folder. Never follows a symlink. The reserved directory of the root is left out, in whatever case it is written. Trouble with one path is an item,
/// and the walk goes on. Safe for concurrent use as far as the disk is.
/// </summary>
/// <param name="disk">The folder.</param>
/// <param name="ignore">What the walk leaves out, with all that is in it.</param>
public sealed class FolderScanner(IDiskReader disk, IgnoreRules ignore)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Everything at and below <paramref name="under"/> (which itself has an item unless it is the root) in ascending order of paths, lazily, with one listing
    /// a level in memory. Only <see cref="ScanItem.Unnameable"/> repeats the path of its directory, right after it. A directory on another device is walked
    /// like any other: compare devices before taking absence for deletion.
    /// </summary>
    public IEnumerable<ScanItem> Scan(RelativePath under)
    {
        if (under.IsReserved) yield break;
        var open = new Stack<Level>();
        var start = under.IsRoot ? Enter(under, known: null) : At(under, Stat(under));
        if (start.Item is not null) yield return start.Item;
        if (start.Level is not null) open.Push(start.Level);
        while (open.TryPeek(out var level))
        {
            if (!level.Announced)
            {
                level.Announced = true;
                foreach (var name in level.Names)
                    if (!level.IsPlainlyFine(name.Name) && !level.Directory.TryChild(name.Name, out _, out var fault)) yield return Unnameable(level.Directory, name.Name, fault);
            }
            if (level.Next == level.Names.Count)
            {
                open.Pop();
                continue;
            }
            var next = level.Names[level.Next++];
            if (level.Directory.IsRoot && RelativePath.IsReservedName(next.Name)) continue;
            if (!level.Directory.TryChild(next.Name, out var path, out _) || IsIgnored(path, next)) continue;
            var found = At(path, new Looked(next.Stat, next.Fault));
            if (found.Item is not null) yield return found.Item;
            if (found.Level is not null) open.Push(found.Level);
        }
    }

    /// <summary>One path by itself: null when nothing is there, or it is reserved, or the way to it leads through something that is no directory.</summary>
    public ScanItem? Look(RelativePath path)
    {
        if (path.IsReserved) return null;
        var looked = Stat(path);
        return looked is { Fault: DiskFault.None, Stat: { Kind: DiskKind.Directory } stat } ? new ScanItem.Seen(path, stat) : At(path, looked).Item;
    }

    /// <summary>Where the kind is not known, only what would be ignored whatever it is.</summary>
    private bool IsIgnored(RelativePath path, DiskName name) => name.Fault == DiskFault.None
        ? ignore.Ignores(path, name.Stat.Kind == DiskKind.Directory)
        : ignore.Ignores(path, isDirectory: true) && ignore.Ignores(path, isDirectory: false);

    private Looked Stat(RelativePath path)
    {
        try
        {
            return new Looked(disk.Stat(path), DiskFault.None);
        }
        catch (DiskException e)
        {
            // What is behind a symlink is not in this folder.
            return e.Fault == DiskFault.SymlinkOnTheWay ? default : new Looked(null, e.Fault);
        }
    }

    private Found At(RelativePath path, Looked looked)
    {
        if (looked.Fault != DiskFault.None) return Unknown(path, looked.Fault);
        if (looked.Stat is not { } stat) return default;
        return stat.Kind switch
        {
            DiskKind.File => new Found(new ScanItem.Seen(path, stat)),
            DiskKind.Directory => Enter(path, stat),
            DiskKind.Symlink => Link(path, stat),
            _ => new Found(new ScanItem.Unknown(
                path, new Problem(path, "it is a pipe, socket or device", "remove it or move it out of the folder; only files, directories and symbolic links are synchronized")) { IsSomethingElse = true }),
        };
    }

    /// <summary>
    /// Lists before the directory is reported: one that cannot be listed is unknown as a whole. It is looked at again afterwards, since an unmounted disk
    /// leaves an empty directory behind, which must not pass for the one that was seen before.
    /// </summary>
    private Found Enter(RelativePath directory, DiskStat? known)
    {
        try
        {
            var names = disk.List(directory);
            var after = disk.Stat(directory);
            if (known is { } before && (after is null || after.Value.Inode != before.Inode || after.Value.Device != before.Device)) return Changing(directory);
            var level = new Level(directory, names);
            return directory.IsRoot ? new Found(null, level) : new Found(new ScanItem.Seen(directory, after!.Value), level);
        }
        catch (DiskException e) when (known is not null && e.Fault is DiskFault.NotFound or DiskFault.WrongKind or DiskFault.SymlinkOnTheWay)
        {
            return Changing(directory);
        }
        catch (DiskException e)
        {
            return Unknown(directory, e.Fault);
        }
    }

    private Found Link(RelativePath path, DiskStat stat)
    {
        try
        {
            var target = StrictUtf8.GetString(disk.ReadLink(path));
            return target.Length > 0
                ? new Found(new ScanItem.Seen(path, stat, target))
                : new Found(new ScanItem.Unknown(path, new Problem(path, "the link points nowhere", "remove it")) { IsSomethingElse = true });
        }
        catch (DecoderFallbackException)
        {
            return new Found(new ScanItem.Unknown(path, new Problem(path, "the target of the link is not valid UTF-8", "point it somewhere else")) { IsSomethingElse = true });
        }
        catch (DiskException e) when (e.Fault is DiskFault.NotFound or DiskFault.WrongKind)
        {
            return Changing(path);
        }
        catch (DiskException e)
        {
            return Unknown(path, e.Fault);
        }
    }

    private static Found Unknown(RelativePath path, DiskFault fault) => new(new ScanItem.Unknown(path, DiskTrouble.ToProblem(path, fault)));

    private static Found Changing(RelativePath path) =>
        new(new ScanItem.Unknown(path, new Problem(path, "it changed while it was looked at", "it is looked at again at the next scan")));

    private static ScanItem.Unnameable Unnameable(RelativePath directory, byte[] name, PathFault fault)
    {
        var shown = Encoding.UTF8.GetString(name.AsSpan(0, Math.Min(name.Length, RelativePath.MaxNameLength)));
        var reason = fault switch
        {
            PathFault.NotUtf8 => "the name is not valid UTF-8",
            PathFault.TooLong => "the path is too long",
            PathFault.TooDeep => "the directories are nested too deeply",
            _ => "the name is not usable",
        };
        var text = directory.IsRoot ? shown : $"{directory}/{shown}";
        return new ScanItem.Unnameable(directory, new Problem(text, reason, "rename it; until then it is not synchronized"));
    }

    /// <summary>A stat, nothing there (both default), or a fault.</summary>
    private readonly record struct Looked(DiskStat? Stat, DiskFault Fault);

    private readonly record struct Found(ScanItem? Item, Level? Level = null);

    private sealed class Level(RelativePath directory, IReadOnlyList<DiskName> names)
    {
        private readonly int _room = directory.Depth < RelativePath.MaxDepth ? Math.Min(RelativePath.MaxNameLength, RelativePath.MaxLength - directory.Key.Length - 1) : 0;

        public RelativePath Directory { get; } = directory;

        public IReadOnlyList<DiskName> Names { get; } = names;

        public int Next { get; set; }

        public bool Announced { get; set; }

        /// <summary>A cheap test that most names pass, so that they become paths only when it is their turn.</summary>
        public bool IsPlainlyFine(ReadOnlySpan<byte> name) => name.Length <= _room && Ascii.IsValid(name);
    }
}
