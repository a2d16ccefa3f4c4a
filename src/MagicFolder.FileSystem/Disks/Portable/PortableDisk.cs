using System.Text;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks.Portable;

/// <summary>
/// A folder by what .NET offers everywhere, best effort: every component of a path is checked for symlinks and junctions before use.
/// </summary>
/// <remarks>
/// There are no inodes, so that signatures are size and times; there is no exchange; mapped writers cannot be told.
/// </remarks>
// RACE: a directory that is replaced by a link between the check and the use is followed, in every call; worst outcome: something is read, or made where nothing
// was, outside of the folder, by somebody who can already write inside of it.
internal sealed class PortableDisk : IDisk
{
    private const FileAttributes Link = FileAttributes.ReparsePoint;

    private readonly string _root;
    private readonly Lock _moving = new();

    private PortableDisk(string root) => _root = root;

    public static PortableDisk Open(string root)
    {
        var full = Path.GetFullPath(root);
        if (Directory.Exists(full)) return new PortableDisk(full);
        throw new DiskException(DiskFault.NotFound, RelativePath.Root, $"Cannot open the folder {root}: {DiskTrouble.Reason(DiskFault.NotFound)}.");
    }

    public DiskStat? Stat(RelativePath path) => Run(path, "look at", () =>
    {
        CheckWay(path);
        return Look(path);
    });

    public IReadOnlyList<DiskName> List(RelativePath directory) => Run(directory, "list", () =>
    {
        Require(directory, DiskKind.Directory, "list");
        var names = new List<DiskName>();
        foreach (var entry in new DirectoryInfo(Locate(directory)).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, ReturnSpecialDirectories = false }))
        {
            var name = Encoding.UTF8.GetBytes(entry.Name);
            try
            {
                if (!directory.TryChild(name, out var child, out _)) names.Add(new DiskName(name, default, DiskFault.NameRefused));
                else if (Look(child) is { } stat) names.Add(new DiskName(name, stat, DiskFault.None));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                names.Add(new DiskName(name, default, FaultOf(e)));
            }
        }
        names.Sort(static (x, y) => x.Name.AsSpan().SequenceCompareTo(y.Name));
        return (IReadOnlyList<DiskName>)names;
    });

    public IDiskFile OpenRead(RelativePath path) => Run(path, "open", () =>
    {
        // Looked at first, since opening a FIFO would wait for its writer.
        Require(path, DiskKind.File, "open");
        var handle = File.OpenHandle(Locate(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new PortableFile(handle, path, () => Look(path));
    });

    public byte[] ReadLink(RelativePath path) => Run(path, "read the link", () =>
    {
        Require(path, DiskKind.Symlink, "read the link");
        return Encoding.UTF8.GetBytes(new FileInfo(Locate(path)).LinkTarget ?? throw DiskTrouble.Exception(DiskFault.WrongKind, path, "read the link"));
    });

    public IDiskFile CreateFile(RelativePath path, int mode) => Run(path, "create", () =>
    {
        CheckFree(path, "create");
        var handle = File.OpenHandle(Locate(path), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        SetMode(path, mode);
        return new PortableFile(handle, path, () => Look(path));
    });

    public void CreateDirectory(RelativePath path, int mode) => Run(path, "create", () =>
    {
        CheckFree(path, "create");
        Directory.CreateDirectory(Locate(path));
        SetMode(path, mode);
        return true;
    });

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target.Contains((byte)0)) throw new ArgumentException("A link target is not empty and holds no NUL.", nameof(target));
        var text = Encoding.UTF8.GetString(target);
        Run(path, "create", () =>
        {
            CheckFree(path, "create");
            File.CreateSymbolicLink(Locate(path), text);
            return true;
        });
    }

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => Run(from, "move", () =>
    {
        CheckWay(from);
        CheckWay(to);
        var moved = Look(from) ?? throw DiskTrouble.Exception(DiskFault.NotFound, from, "move");
        if (kind == MoveKind.NoReplace)
        {
            MoveNew(moved.Kind, from, to);
            return true;
        }
        var replaced = Look(to) ?? throw DiskTrouble.Exception(DiskFault.NotFound, to, "move");
        var aside = AsidePlace.Of(from);
        // RACE: a crash between these moves leaves nothing in place and the old thing beside the source (AsidePlace); something that is made in place meanwhile stays.
        MoveNew(replaced.Kind, to, aside);
        try
        {
            MoveNew(moved.Kind, from, to);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Look(to) is null) MoveNew(replaced.Kind, aside, to);
            throw;
        }
        MoveNew(replaced.Kind, aside, from);
        return true;
    });

    public void Remove(RelativePath path) => Run(path, "remove", () =>
    {
        CheckWay(path);
        var stat = Look(path) ?? throw DiskTrouble.Exception(DiskFault.NotFound, path, "remove");
        if (stat.Kind == DiskKind.Directory) Delete(path);
        else File.Delete(Locate(path));
        return true;
    });

    public void RemoveDirectory(RelativePath path) => Run(path, "remove", () =>
    {
        Require(path, DiskKind.Directory, "remove");
        Delete(path);
        return true;
    });

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => Run(path, "set the attributes of", () =>
    {
        CheckWay(path);
        var stat = Look(path) ?? throw DiskTrouble.Exception(DiskFault.NotFound, path, "set the attributes of");
        if (mode is { } bits && stat.Kind != DiskKind.Symlink) SetMode(path, bits);
        if (mtimeNs is { } ns)
        {
            // .NET keeps times in steps of 100 ns.
            FileSystemInfo info = stat.Kind == DiskKind.Directory ? new DirectoryInfo(Locate(path)) : new FileInfo(Locate(path));
            info.LastWriteTimeUtc = DateTime.UnixEpoch.AddTicks(Math.DivRem(ns, 100).Quotient);
        }
        return true;
    });

    public void Flush(IReadOnlyCollection<RelativePath> paths)
    {
        foreach (var path in paths)
        {
            if (Stat(path) is not { Kind: DiskKind.File }) continue;
            Run(path, "flush", () =>
            {
                // Windows flushes only what is open for writing.
                using var handle = File.OpenHandle(Locate(path), FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                RandomAccess.FlushToDisk(handle);
                return true;
            });
        }
    }

    public void FlushAll()
    {
        // Directories cannot be flushed here.
    }

    public bool MayHaveWriters(RelativePath file)
    {
        if (!OperatingSystem.IsWindows()) return true;
        try
        {
            using var handle = File.OpenHandle(Locate(file), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public bool TellsWriters(RelativePath file) => OperatingSystem.IsWindows();

    public void Dispose()
    {
    }

    private static T Run<T>(RelativePath path, string doing, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (DiskException)
        {
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException or ArgumentOutOfRangeException)
        {
            throw DiskTrouble.Exception(FaultOf(e), path, doing, inner: e);
        }
    }

    private static DiskFault FaultOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => DiskFault.NotFound,
        UnauthorizedAccessException => DiskFault.AccessDenied,
        PathTooLongException => DiskFault.NameTooLong,
        PlatformNotSupportedException => DiskFault.Unsupported,
        _ => (e.HResult & 0xFFFF) switch
        {
            80 or 183 or 17 => DiskFault.Exists,
            145 or 39 or 66 => DiskFault.NotEmpty,
            112 or 39 + 256 or 28 => DiskFault.NoSpace,
            32 or 33 => DiskFault.Busy,
            123 => DiskFault.NameRefused,
            _ => DiskFault.Io,
        },
    };

    private string Locate(RelativePath path) => path.IsRoot ? _root : Path.Combine(_root, path.ToString().Replace('/', Path.DirectorySeparatorChar));

    private DiskStat? Look(RelativePath path)
    {
        var text = Locate(path);
        FileSystemInfo info = new FileInfo(text);
        if (!info.Exists && (int)info.Attributes == -1) return null;
        bool directory = (info.Attributes & FileAttributes.Directory) != 0;
        if (directory) info = new DirectoryInfo(text);
        var kind = info.LinkTarget is not null ? DiskKind.Symlink
            : (info.Attributes & Link) != 0 ? DiskKind.Special
            : directory ? DiskKind.Directory
            : !OperatingSystem.IsWindows() && (info.Attributes & FileAttributes.Device) != 0 ? DiskKind.Special
            : DiskKind.File;
        int mode = OperatingSystem.IsWindows() ? kind == DiskKind.Directory ? 0x1ED : 0x1A4 : (int)info.UnixFileMode;
        long size = kind == DiskKind.File ? ((FileInfo)info).Length : 0;
        long mtime = Ns(info.LastWriteTimeUtc);
        // Windows has no change time that .NET shows, and Unix shows the last change there.
        long ctime = OperatingSystem.IsWindows() ? mtime : Math.Max(mtime, Ns(info.CreationTimeUtc));
        return new DiskStat(kind, size, mtime, ctime, 0, 0, mode, 1);
    }

    private static long Ns(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    private void CheckWay(RelativePath path)
    {
        for (var parent = path.Parent; !parent.IsRoot; parent = parent.Parent)
        {
            var info = new DirectoryInfo(Locate(parent));
            if ((int)info.Attributes != -1 && (info.Attributes & Link) != 0) throw DiskTrouble.Exception(DiskFault.SymlinkOnTheWay, path, "reach");
        }
    }

    private void Require(RelativePath path, DiskKind kind, string doing)
    {
        CheckWay(path);
        var stat = Look(path) ?? throw DiskTrouble.Exception(DiskFault.NotFound, path, doing);
        if (stat.Kind != kind) throw DiskTrouble.Exception(DiskFault.WrongKind, path, doing);
    }

    private void CheckFree(RelativePath path, string doing)
    {
        if (path.IsRoot) throw new ArgumentException("Not for the root of the folder.", nameof(path));
        CheckWay(path);
        if (Look(path) is not null) throw DiskTrouble.Exception(DiskFault.Exists, path, doing);
        if (Look(path.Parent) is null) throw DiskTrouble.Exception(DiskFault.NotFound, path, doing);
    }

    /// <summary>One at a time: where the system looks first and then renames, two spellings of one name that come at once would replace one another.</summary>
    private void MoveNew(DiskKind kind, RelativePath from, RelativePath to)
    {
        using var alone = _moving.EnterScope();
        if (Look(to) is not null) throw DiskTrouble.Exception(DiskFault.Exists, to, "move");
        if (kind == DiskKind.Directory) Directory.Move(Locate(from), Locate(to));
        else File.Move(Locate(from), Locate(to), overwrite: false);
    }

    private void Delete(RelativePath directory)
    {
        if (Directory.EnumerateFileSystemEntries(Locate(directory)).Any()) throw DiskTrouble.Exception(DiskFault.NotEmpty, directory, "remove");
        Directory.Delete(Locate(directory));
    }

    private void SetMode(RelativePath path, int mode)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(Locate(path), (UnixFileMode)mode);
    }
}
