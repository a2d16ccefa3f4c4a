using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using MagicFolder.Model.Paths;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>
/// A folder by system calls relative to its root, which is held open: every path is resolved by the kernel beneath that root and without symlinks
/// (openat2(2)), so that no name that anybody chose leads outside, not even while directories are being replaced.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class LinuxDisk : IDisk
{
    private const ulong Resolve = LinuxCalls.ResolveBeneath | LinuxCalls.ResolveNoSymlinks | LinuxCalls.ResolveNoMagicLinks;
    private const int ListingBufferLength = 64 * 1024;
    private const int LongestLinkTarget = 64 * 1024;

    private readonly SafeFileHandle _root;
    private readonly LinuxFeatures _features;
    private volatile bool _openat2Missing;

    private LinuxDisk(SafeFileHandle root, LinuxFeatures features)
    {
        _root = root;
        _features = features;
    }

    /// <param name="root">An existing directory; here symlinks are followed.</param>
    /// <param name="features">Normally <see cref="LinuxFeatures.All"/>.</param>
    public static LinuxDisk Open(string root, LinuxFeatures features)
    {
        int fd = LinuxCalls.Open(root, LinuxCalls.OpenReadOnly | LinuxCalls.OpenDirectory | LinuxCalls.OpenCloseOnExec, 0);
        if (fd >= 0) return new LinuxDisk(new SafeFileHandle(fd, ownsHandle: true), features);
        var fault = LinuxErrors.FaultOf(LinuxCalls.Errno);
        throw new DiskException(fault, RelativePath.Root, $"Cannot open the folder {root}: {DiskTrouble.Reason(fault)}; {DiskTrouble.Advice(fault)}.");
    }

    public DiskStat? Stat(RelativePath path)
    {
        int error;
        DiskStat stat;
        if (path.IsRoot)
        {
            using var root = DirectoryFd.Borrow(_root);
            error = StatAt(root.Fd, default, out stat);
        }
        else
        {
            error = StatBelow(path, out stat);
            // Perhaps not found only in a directory that no longer is the one of this name.
            if (error == LinuxErrors.NoEntry && path.IsReserved && LetGo()) error = StatBelow(path, out stat);
        }
        return error switch
        {
            0 => stat,
            LinuxErrors.NoEntry or LinuxErrors.NotADirectory => null,
            _ => throw LinuxErrors.ToException(error, path, "look at"),
        };
    }

    public IReadOnlyList<DiskName> List(RelativePath directory)
    {
        using var held = new DirectoryFd(OpenOrThrow(directory, LinuxCalls.OpenReadOnly | LinuxCalls.OpenDirectory, "list"), borrowed: null);
        var names = new List<DiskName>();
        var buffer = ArrayPool<byte>.Shared.Rent(ListingBufferLength);
        try
        {
            fixed (byte* start = buffer)
            {
                while (true)
                {
                    int length = LinuxCalls.Getdents64(held.Fd, start, ListingBufferLength);
                    if (length == 0) break;
                    if (length > 0) Collect(held.Fd, buffer.AsSpan(0, length), names);
                    else if (LinuxCalls.Errno == LinuxErrors.NoEntry) throw LinuxErrors.ToException(LinuxErrors.NoEntry, directory, "list");
                    else if (LinuxCalls.Errno != LinuxErrors.Interrupted) throw LinuxErrors.ToException(LinuxCalls.Errno, directory, "list");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        names.Sort(static (x, y) => x.Name.AsSpan().SequenceCompareTo(y.Name));
        return names;
    }

    public IDiskFile OpenRead(RelativePath path)
    {
        const int flags = LinuxCalls.OpenReadOnly | LinuxCalls.OpenNonBlocking | LinuxCalls.OpenNoTerminal;
        return Regular(OpenOrThrow(path, flags, "open"), path);
    }

    public byte[] ReadLink(RelativePath path)
    {
        using var parent = Reach(path, "read the link");
        var name = stackalloc byte[path.NameUtf8.Length + 1];
        Terminate(path.NameUtf8, name);
        for (int size = 1024; ; size *= 4)
        {
            var target = new byte[size];
            nint length;
            fixed (byte* start = target) length = LinuxCalls.Readlinkat(parent.Fd, name, start, size);
            if (length < 0)
            {
                int error = LinuxCalls.Errno;
                throw error == LinuxErrors.Invalid
                    ? DiskTrouble.Exception(DiskFault.WrongKind, path, "read the link")
                    : LinuxErrors.ToException(error, path, "read the link");
            }
            if (length < size) return target[..(int)length];
            if (size > LongestLinkTarget) throw DiskTrouble.Exception(DiskFault.NameTooLong, path, "read the link");
        }
    }

    public void Dispose()
    {
        LetGo();
        _root.Dispose();
    }

    /// <summary>Adds the names of one buffer of struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name, NUL.</summary>
    private static void Collect(int directory, ReadOnlySpan<byte> entries, List<DiskName> names)
    {
        while (!entries.IsEmpty)
        {
            int length = MemoryMarshal.Read<ushort>(entries[16..]);
            var name = entries[19..length];
            name = name[..name.IndexOf((byte)0)];
            entries = entries[length..];
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) continue;
            int error = StatAt(directory, name, out var stat);
            if (error == LinuxErrors.NoEntry) continue;
            names.Add(new DiskName(name.ToArray(), stat, error == 0 ? DiskFault.None : LinuxErrors.FaultOf(error)));
        }
    }

    /// <returns>0 or errno.</returns>
    private static int StatAt(int directory, ReadOnlySpan<byte> name, out DiskStat stat)
    {
        var terminated = stackalloc byte[name.Length + 1];
        Terminate(name, terminated);
        var buffer = stackalloc byte[LinuxStat.BufferLength];
        int flags = LinuxCalls.AtSymlinkNoFollow | LinuxCalls.AtNoAutomount | (name.IsEmpty ? LinuxCalls.AtEmptyPath : 0);
        bool ok = LinuxCalls.Statx(directory, terminated, flags, buffer) == 0;
        stat = ok ? LinuxStat.Parse(new ReadOnlySpan<byte>(buffer, LinuxStat.BufferLength)) : default;
        return ok ? 0 : LinuxCalls.Errno;
    }

    private int StatBelow(RelativePath path, out DiskStat stat)
    {
        stat = default;
        using var parent = Reach(path, out int error);
        return error == 0 ? StatAt(parent.Fd, path.NameUtf8, out stat) : error;
    }

    private static void Terminate(ReadOnlySpan<byte> name, byte* destination)
    {
        name.CopyTo(new Span<byte>(destination, name.Length));
        destination[name.Length] = 0;
    }

    private static LinuxFile Regular(int fd, RelativePath path)
    {
        var file = new LinuxFile(new SafeFileHandle(fd, ownsHandle: true), path);
        try
        {
            if (file.Stat().Kind == DiskKind.File) return file;
            throw DiskTrouble.Exception(DiskFault.WrongKind, path, "open");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The directory that holds <paramref name="path"/>.</summary>
    private DirectoryFd Reach(RelativePath path, string doing)
    {
        if (path.IsRoot) throw new ArgumentException("Not for the root of the folder.", nameof(path));
        var parent = Reach(path, out int error);
        return error == 0 ? parent : throw LinuxErrors.ToException(error, path, doing);
    }

    private DirectoryFd Reach(RelativePath path, out int error)
    {
        error = 0;
        int end = path.Key.LastIndexOf((byte)0);
        if (end < 0) return DirectoryFd.Borrow(_root);
        if (path.IsReserved) return ReachOwn(path.Parent, out error);
        int fd = OpenBeneath(path.Key[..end], LinuxCalls.OpenPath | LinuxCalls.OpenDirectory, 0);
        if (fd >= 0) return new DirectoryFd(fd, borrowed: null);
        error = -fd;
        return DirectoryFd.Borrow(_root);
    }

    private int OpenOrThrow(RelativePath path, int flags, string doing)
    {
        int fd = OpenBeneath(path.Key, flags, 0);
        if (fd >= 0) return fd;
        // A symlink in the last place is not the kind of thing wanted; one before it is a symlink on the way, and Stat says so.
        if (-fd == LinuxErrors.Loop && Stat(path) is { Kind: DiskKind.Symlink }) throw DiskTrouble.Exception(DiskFault.WrongKind, path, doing);
        throw LinuxErrors.ToException(-fd, path, doing);
    }

    /// <returns>A descriptor, or errno negated.</returns>
    private int OpenBeneath(ReadOnlySpan<byte> key, int flags, int mode)
    {
        flags |= LinuxCalls.OpenCloseOnExec;
        var path = stackalloc byte[key.Length + 2];
        key.Replace(new Span<byte>(path, key.Length), (byte)0, (byte)'/');
        if (key.IsEmpty) path[0] = (byte)'.';
        path[Math.Max(1, key.Length)] = 0;
        using var root = DirectoryFd.Borrow(_root);
        // EAGAIN: a rename somewhere kept the kernel from being sure that the path stays beneath the root.
        for (int attempt = 0; attempt < 64 && _features.Openat2 && !_openat2Missing; attempt++)
        {
            int fd = LinuxCalls.Openat2(root.Fd, path, flags, mode, Resolve);
            if (fd >= 0) return fd;
            int error = LinuxCalls.Errno;
            if (error is LinuxErrors.Interrupted or LinuxErrors.TryAgain) continue;
            if (error == LinuxErrors.NoSystemCall) _openat2Missing = true;
            // Some sandboxes say EPERM for calls that they do not know.
            else if (error != LinuxErrors.OperationNotPermitted) return -error;
            break;
        }
        return OpenByComponents(root.Fd, key, flags, mode);
    }

    /// <summary>The same without openat2: each directory is opened relative to the one before and never through a symlink.</summary>
    private static int OpenByComponents(int root, ReadOnlySpan<byte> key, int flags, int mode)
    {
        const int step = LinuxCalls.OpenPath | LinuxCalls.OpenCloseOnExec;
        int at = root;
        try
        {
            while (true)
            {
                int end = key.IndexOf((byte)0);
                bool last = end < 0;
                var name = key.IsEmpty ? "."u8 : last ? key : key[..end];
                int fd = OpenAt(at, name, last ? flags : step | LinuxCalls.OpenDirectory, mode);
                if (fd == -LinuxErrors.NotADirectory && StatAt(at, name, out var stat) == 0 && stat.Kind == DiskKind.Symlink) fd = -LinuxErrors.Loop;
                if (last || fd < 0) return fd;
                if (at != root) _ = LinuxCalls.Close(at);
                at = fd;
                key = key[(end + 1)..];
            }
        }
        finally
        {
            if (at != root) _ = LinuxCalls.Close(at);
        }
    }

    private static int OpenAt(int directory, ReadOnlySpan<byte> name, int flags, int mode)
    {
        var terminated = stackalloc byte[name.Length + 1];
        Terminate(name, terminated);
        while (true)
        {
            int fd = LinuxCalls.Openat(directory, terminated, flags | LinuxCalls.OpenNoFollow, mode);
            if (fd >= 0) return fd;
            if (LinuxCalls.Errno != LinuxErrors.Interrupted) return -LinuxCalls.Errno;
        }
    }
}
