using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>A regular file held open by pread, pwrite, fsync and statx.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LinuxFile(SafeFileHandle handle, RelativePath path) : IDiskFile
{
    public DiskStat Stat()
    {
        using var held = DirectoryFd.Borrow(handle);
        var buffer = stackalloc byte[LinuxStat.BufferLength];
        byte empty = 0;
        if (LinuxCalls.Statx(held.Fd, &empty, LinuxCalls.AtEmptyPath, buffer) != 0) throw Trouble("look at");
        return LinuxStat.Parse(new ReadOnlySpan<byte>(buffer, LinuxStat.BufferLength));
    }

    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using var held = DirectoryFd.Borrow(handle);
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint read = LinuxCalls.Pread(held.Fd, start, buffer.Length, offset);
                if (read >= 0) return (int)read;
                if (LinuxCalls.Errno != LinuxErrors.Interrupted) throw Trouble("read");
            }
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using var held = DirectoryFd.Borrow(handle);
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint written = LinuxCalls.Pwrite(held.Fd, start + done, bytes.Length - done, offset + done);
                if (written >= 0) done += (int)written;
                else if (LinuxCalls.Errno != LinuxErrors.Interrupted) throw Trouble("write");
            }
        }
    }

    public bool? MayHaveWriters()
    {
        using var held = DirectoryFd.Borrow(handle);
        return MayHaveWriters(held.Fd);
    }

    /// <summary>Of a file that this descriptor has open for reading only.</summary>
    internal static bool MayHaveWriters(int fd)
    {
        // A read lease is granted only while nobody has the file open for writing, a writable mapping included (fcntl(2)). Whoever opens it for writing before
        // the release below waits for these microseconds, and the kernel tells the holder: by default with SIGIO, which would end this process.
        if (LinuxCalls.Fcntl(fd, LinuxCalls.SetSignal, LinuxCalls.SignalUrgent) != 0) return true;
        if (LinuxCalls.Fcntl(fd, LinuxCalls.SetLease, LinuxCalls.ReadLease) != 0) return true;
        _ = LinuxCalls.Fcntl(fd, LinuxCalls.SetLease, LinuxCalls.NoLease);
        return false;
    }

    /// <summary>No lease is granted on the files of others (EACCES), and none by file systems that have none (EINVAL).</summary>
    internal static bool TellsWriters(int fd) =>
        !MayHaveWriters(fd) || (LinuxCalls.Errno == LinuxErrors.TryAgain && LinuxCalls.TryGetFileSystem(fd, out uint fileSystem) && !IsRemote(fileSystem));

    // NFS and SMB give one only if their server has promised to tell of other clients, and else say what a file says that is open for writing here.
    private static bool IsRemote(uint fileSystem) => fileSystem is 0x6969 or 0xFF534D42 or 0xFE534D42;

    public bool TrySetAttributes(long mtimeNs, int? mode)
    {
        using var held = DirectoryFd.Borrow(handle);
        var times = stackalloc long[4];
        LinuxCalls.FillTimes(times, mtimeNs);
        return (mode is not { } bits || LinuxCalls.Fchmod(held.Fd, bits) == 0) && LinuxCalls.Futimens(held.Fd, times) == 0;
    }

    public bool HolesAreZeros => true; // POSIX.1-2024, lseek().

    public void BeginFlush(long offset, long length)
    {
        using var held = DirectoryFd.Borrow(handle);
        // What goes wrong here, the flush will tell.
        LinuxCalls.SyncFileRange(held.Fd, offset, length, LinuxCalls.SyncFileRangeWrite);
    }

    public void Flush()
    {
        using var held = DirectoryFd.Borrow(handle);
        while (LinuxCalls.Fsync(held.Fd) != 0)
            if (LinuxCalls.Errno != LinuxErrors.Interrupted) throw Trouble("flush");
    }

    public void Dispose() => handle.Dispose();

    private DiskException Trouble(string doing) => LinuxErrors.ToException(LinuxCalls.Errno, path, doing);
}
