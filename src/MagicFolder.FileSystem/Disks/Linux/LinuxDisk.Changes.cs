using MagicFolder.Model.Paths;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.FileSystem.Disks.Linux;

internal sealed unsafe partial class LinuxDisk
{
    /// <summary>Beyond this many paths one syncfs is cheaper than a flush for each.</summary>
    private const int MostSingleFlushes = 16;

    private const int OwnerMayReadAndWrite = 0x180;

    public IDiskFile CreateFile(RelativePath path, int mode)
    {
        CheckMode(mode);
        ThrowIfRoot(path);
        const int flags = LinuxCalls.OpenReadWrite | LinuxCalls.OpenCreate | LinuxCalls.OpenExclusive | LinuxCalls.OpenNonBlocking | LinuxCalls.OpenNoTerminal;
        int fd = OpenIn(path, flags, mode);
        if (fd < 0) throw LinuxErrors.ToException(-fd, path, "create");
        // The umask takes bits away, though hardly the owner's. A file system without bits refuses; then there is nothing to set.
        if ((mode & ~OwnerMayReadAndWrite) != 0) _ = LinuxCalls.Fchmod(fd, mode);
        // It is new, so it is a regular file.
        return new LinuxFile(new SafeFileHandle(fd, ownsHandle: true), path);
    }

    public void CreateDirectory(RelativePath path, int mode)
    {
        CheckMode(mode);
        using var parent = Reach(path, "create");
        var name = stackalloc byte[path.NameUtf8.Length + 1];
        Terminate(path.NameUtf8, name);
        if (LinuxCalls.Mkdirat(parent.Fd, name, mode) != 0) throw LinuxErrors.ToException(LinuxCalls.Errno, path, "create");
        _ = ChangeMode(parent.Fd, name, mode);
    }

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target.Contains((byte)0)) throw new ArgumentException("A link target is not empty and holds no NUL.", nameof(target));
        using var parent = Reach(path, "create");
        var name = stackalloc byte[path.NameUtf8.Length + 1];
        Terminate(path.NameUtf8, name);
        var terminated = new byte[target.Length + 1];
        target.CopyTo(terminated);
        int result;
        fixed (byte* start = terminated) result = LinuxCalls.Symlinkat(start, parent.Fd, name);
        if (result == 0) return;
        // symlinkat says EPERM for a file system without symlinks.
        int error = LinuxCalls.Errno;
        throw LinuxErrors.ToException(error == LinuxErrors.OperationNotPermitted ? LinuxErrors.NotSupported : error, path, "create");
    }

    public void Remove(RelativePath path)
    {
        using var parent = Reach(path, "remove");
        var name = stackalloc byte[path.NameUtf8.Length + 1];
        Terminate(path.NameUtf8, name);
        if (LinuxCalls.Unlinkat(parent.Fd, name, 0) == 0) return;
        int error = LinuxCalls.Errno;
        if (error == LinuxErrors.IsADirectory) RemoveDirectoryAt(parent.Fd, name, path);
        else throw LinuxErrors.ToException(error, path, "remove");
    }

    public void RemoveDirectory(RelativePath path)
    {
        using var parent = Reach(path, "remove");
        var name = stackalloc byte[path.NameUtf8.Length + 1];
        Terminate(path.NameUtf8, name);
        RemoveDirectoryAt(parent.Fd, name, path);
    }

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode)
    {
        if (mode is { } checkedMode) CheckMode(checkedMode);
        using var parent = Reach(path, "set the attributes of");
        var name = stackalloc byte[path.NameUtf8.Length + 1];
        Terminate(path.NameUtf8, name);
        if (mode is { } bits)
        {
            int error = ChangeMode(parent.Fd, name, bits);
            if (error != 0) throw LinuxErrors.ToException(error, path, "set the permissions of");
        }
        if (mtimeNs is { } ns) SetTime(parent.Fd, name, ns, path);
    }

    public void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode)
    {
        CheckMode(mode);
        using var directory = new DirectoryFd(OpenOrThrow(path, LinuxCalls.OpenPath | LinuxCalls.OpenDirectory, "set the attributes of"), borrowed: null);
        var itself = stackalloc byte[2] { (byte)'.', 0 };
        int error = ChangeMode(directory.Fd, itself, mode);
        if (error != 0) throw LinuxErrors.ToException(error, path, "set the permissions of");
        SetTime(directory.Fd, itself, mtimeNs, path);
    }

    private static void SetTime(int directory, byte* name, long mtimeNs, RelativePath path)
    {
        var times = stackalloc long[4];
        LinuxCalls.FillTimes(times, mtimeNs);
        if (LinuxCalls.Utimensat(directory, name, times, LinuxCalls.AtSymlinkNoFollow) != 0)
            throw LinuxErrors.ToException(LinuxCalls.Errno, path, "set the time of");
    }

    public void Flush(IReadOnlyCollection<RelativePath> paths)
    {
        LetGo();
        var parents = new HashSet<RelativePath>();
        foreach (var path in paths) parents.Add(path.Parent);
        if (paths.Count > MostSingleFlushes) parents.ExceptWith(FlushWhole(parents));
        foreach (var path in paths)
            if (parents.Contains(path.Parent) && !path.IsRoot && Stat(path) is { Kind: DiskKind.File or DiskKind.Directory }) FlushOne(path);
        foreach (var parent in parents) FlushOne(parent);
    }

    public void FlushAll()
    {
        LetGo();
        if (FlushWhole([RelativePath.Root]).Count == 0) FlushDirectories();
    }

    public bool MayHaveWriters(RelativePath file)
    {
        const int flags = LinuxCalls.OpenReadOnly | LinuxCalls.OpenNonBlocking | LinuxCalls.OpenNoTerminal;
        int fd = OpenBeneath(file.Key, flags, 0);
        if (fd == -LinuxErrors.NoEntry) throw LinuxErrors.ToException(LinuxErrors.NoEntry, file, "look at");
        if (fd < 0) return true;
        using var held = new DirectoryFd(fd, borrowed: null);
        return LinuxFile.MayHaveWriters(fd);
    }

    public bool TellsWriters(RelativePath file)
    {
        const int flags = LinuxCalls.OpenReadOnly | LinuxCalls.OpenNonBlocking | LinuxCalls.OpenNoTerminal;
        int fd = OpenBeneath(file.Key, flags, 0);
        if (fd == -LinuxErrors.NoEntry) throw LinuxErrors.ToException(LinuxErrors.NoEntry, file, "look at");
        if (fd < 0) return false;
        using var held = new DirectoryFd(fd, borrowed: null);
        return LinuxFile.TellsWriters(fd);
    }

    public DiskFault WhyClosed(RelativePath directory)
    {
        int fd = OpenBeneath(directory.Key, LinuxCalls.OpenPath | LinuxCalls.OpenDirectory, 0);
        if (fd < 0) return DiskFault.None;
        using var held = new DirectoryFd(fd, borrowed: null);
        var itself = stackalloc byte[2] { (byte)'.', 0 };
        if (LinuxCalls.Faccessat(held.Fd, itself, LinuxCalls.MayWrite | LinuxCalls.MayEnter, LinuxCalls.AsTheProgram) == 0) return DiskFault.None;
        // Anything else, EPERM of some sandboxes included, is no answer.
        return LinuxCalls.Errno switch
        {
            LinuxErrors.AccessDenied => DiskFault.AccessDenied,
            LinuxErrors.ReadOnly => DiskFault.ReadOnly,
            _ => DiskFault.None,
        };
    }

    private static void RemoveDirectoryAt(int parent, byte* name, RelativePath path)
    {
        if (LinuxCalls.Unlinkat(parent, name, LinuxCalls.AtRemoveDirectory) == 0) return;
        int error = LinuxCalls.Errno;
        throw LinuxErrors.ToException(error == LinuxErrors.Exists ? LinuxErrors.NotEmpty : error, path, "remove");
    }

    /// <returns>0 or errno. A symlink has no bits: nothing happens, and it is not followed.</returns>
    private int ChangeMode(int directory, byte* name, int mode)
    {
        if (_features.Fchmodat2)
        {
            if (LinuxCalls.Fchmodat2(directory, name, mode, LinuxCalls.AtSymlinkNoFollow) == 0) return 0;
            int error = LinuxCalls.Errno;
            if (error == LinuxErrors.NotSupported) return 0;
            if (error is not (LinuxErrors.NoSystemCall or LinuxErrors.OperationNotPermitted)) return error;
        }
        var flags = LinuxCalls.OpenReadOnly | LinuxCalls.OpenNonBlocking | LinuxCalls.OpenNoTerminal | LinuxCalls.OpenNoFollow | LinuxCalls.OpenCloseOnExec;
        int fd = LinuxCalls.Openat(directory, name, flags, 0);
        if (fd < 0) return LinuxCalls.Errno is LinuxErrors.Loop ? 0 : LinuxCalls.Errno;
        int result = LinuxCalls.Fchmod(fd, mode) == 0 ? 0 : LinuxCalls.Errno;
        _ = LinuxCalls.Close(fd);
        return result;
    }

    private void FlushOne(RelativePath path)
    {
        const int flags = LinuxCalls.OpenReadOnly | LinuxCalls.OpenNonBlocking | LinuxCalls.OpenNoTerminal;
        int fd = OpenBeneath(path.Key, flags, 0);
        if (fd == -LinuxErrors.AccessDenied)
        {
            // Ours to flush, but not to read: syncfs is all that can be had then.
            SyncFileSystem(path.Parent);
            return;
        }
        // Somebody removed it: nothing of ours is there to be kept.
        if (fd == -LinuxErrors.NoEntry) return;
        if (fd < 0) throw LinuxErrors.ToException(-fd, path, "flush");
        using var held = new DirectoryFd(fd, borrowed: null);
        while (LinuxCalls.Fsync(fd) != 0)
        {
            int error = LinuxCalls.Errno;
            // EINVAL: a directory on a file system that cannot flush directories; it has nothing to offer instead.
            if (error == LinuxErrors.Invalid) return;
            if (error != LinuxErrors.Interrupted) throw LinuxErrors.ToException(error, path, "flush");
        }
    }

    /// <summary>One syncfs for each file system that these directories are on, if it is one that flushes by it.</summary>
    /// <returns>Those that are flushed now, or are no directories any more.</returns>
    private List<RelativePath> FlushWhole(IEnumerable<RelativePath> directories)
    {
        var done = new List<RelativePath>();
        var flushed = new Dictionary<ulong, bool>();
        foreach (var directory in directories)
        {
            bool isFlushed = true;
            if (Stat(directory) is { Kind: DiskKind.Directory } stat && !flushed.TryGetValue(stat.Device, out isFlushed))
                flushed[stat.Device] = isFlushed = _features.WholeFlush && SyncFileSystem(directory, onlyIfItWorks: true);
            if (isFlushed) done.Add(directory);
        }
        return done;
    }

    /// <summary>syncfs of the file system that this directory is on: by the root's handle, where it is the root's, since not every directory may be read.</summary>
    /// <returns>False if it was not done, since it would do nothing, or there is no handle for it.</returns>
    private bool SyncFileSystem(RelativePath directory, bool onlyIfItWorks = false)
    {
        bool isRoots = Stat(directory)?.Device == Stat(RelativePath.Root)!.Value.Device;
        int fd = isRoots ? 0 : OpenBeneath(directory.Key, LinuxCalls.OpenReadOnly | LinuxCalls.OpenDirectory, 0);
        if (fd == -LinuxErrors.AccessDenied && onlyIfItWorks) return false;
        if (fd < 0) throw LinuxErrors.ToException(-fd, directory, "flush");
        using var held = isRoots ? DirectoryFd.Borrow(_root) : new DirectoryFd(fd, borrowed: null);
        if (onlyIfItWorks && !WholeFlush.WorksFor(held.Fd)) return false;
        return LinuxCalls.Syncfs(held.Fd) == 0 ? true : throw LinuxErrors.ToException(LinuxCalls.Errno, directory, "flush");
    }

    /// <summary>One after the other. Those that may not be read, and what is below them, are left out.</summary>
    private void FlushDirectories()
    {
        var rest = new Stack<RelativePath>([RelativePath.Root]);
        while (rest.TryPop(out var directory))
        {
            try
            {
                foreach (var name in List(directory))
                    if (name.Stat.Kind == DiskKind.Directory && name.Fault == DiskFault.None && directory.TryChild(name.Name, out var child, out _)) rest.Push(child);
            }
            catch (DiskException e) when (e.Fault is DiskFault.AccessDenied or DiskFault.NotFound or DiskFault.WrongKind or DiskFault.SymlinkOnTheWay)
            {
                continue;
            }
            FlushOne(directory);
        }
    }

    private static void CheckMode(int mode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mode, 0xFFF);
    }

    private static void ThrowIfRoot(RelativePath path)
    {
        if (path.IsRoot) throw new ArgumentException("Not for the root of the folder.", nameof(path));
    }
}
