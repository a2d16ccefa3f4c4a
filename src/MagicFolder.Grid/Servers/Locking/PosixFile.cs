using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.Grid.Servers.Locking;

/// <summary>
/// The calls of the C library that .NET does not offer: whole-file locks that tell "held by another" from "not supported", flushing a directory, and beginning to flush a file.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PosixFile
{
    private const int ReadOnlyFlag = 0;
    private const int ReadWriteFlag = 2;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int Eexist = 17;
    private const int Enoent = 2;
    private const int Eintr = 4;
    private const int Einval = 22;
    private const int Eacces = 13;
    private const int Eperm = 1;
    private const int Eio = 5;
    private const int WriteOnlyFlag = 1;
    private const uint SyncFileRangeWrite = 2;

    private static int CloseOnExec => OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    private static int NonBlocking => OperatingSystem.IsLinux() ? 0x800 : 4;

    private static int NoFollow => !OperatingSystem.IsLinux() ? 0x100 : IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;

    private static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Opens an existing file without the shared lock that .NET would take on it. Null if it does not exist.</summary>
    public static SafeFileHandle? OpenForLocking(string path)
    {
        var descriptor = Open(path, ReadWriteFlag | CloseOnExec);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        return error == Enoent ? null : throw Failure(error, path);
    }

    /// <summary>Opens a regular file, without following a link or waiting for the other end of a pipe. Null if what is there is something else.</summary>
    /// <exception cref="FileNotFoundException"/>
    public static SafeFileHandle? OpenRegular(string path, FileAccess access)
    {
        var flags = access switch { FileAccess.Read => ReadOnlyFlag, FileAccess.Write => WriteOnlyFlag, _ => ReadWriteFlag };
        var descriptor = Open(path, flags | NonBlocking | NoFollow | CloseOnExec);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                Enoent => throw new FileNotFoundException($"Could not find '{path}'.", path),
                var error when IsOtherKind(error) => null,
                var error => throw Failure(error, path),
            };
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // Directories, pipes and terminals cannot be read at an offset.
        if (Pread(handle, out _, 1, 0) >= 0 || Marshal.GetLastPInvokeError() == Eio)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>A link (ELOOP), a directory (EISDIR), a file where a directory should be (ENOTDIR), a socket or a device that nobody serves (ENXIO, ENODEV, EOPNOTSUPP).</summary>
    private static bool IsOtherKind(int error) => error is 6 or 19 or 20 or 21 || error == (OperatingSystem.IsLinux() ? 40 : 62) || error == (OperatingSystem.IsLinux() ? 95 : 102);

    /// <summary>Takes the exclusive lock of an open file description; the kernel releases it when the last descriptor is closed, also by death.</summary>
    /// <returns>False if another holds it.</returns>
    /// <exception cref="NotSupportedException">The file system has no such locks.</exception>
    public static bool TryLock(SafeFileHandle file)
    {
        while (Flock(file, LockExclusive | LockNonBlocking) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
            {
                return false;
            }

            if (error != Eintr)
            {
                throw new NotSupportedException(new Win32Exception(error).Message);
            }
        }

        return true;
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static void FlushDirectory(string path)
    {
        var descriptor = Open(path, ReadOnlyFlag | CloseOnExec);
        if (descriptor < 0)
        {
            throw Failure(Marshal.GetLastPInvokeError(), path);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        while (Fsync(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Einval)
            {
                // Some network file systems refuse to flush directories; they make names durable by themselves.
                return;
            }

            if (error != Eintr)
            {
                throw Failure(error, path);
            }
        }
    }

    /// <summary>Makes one directory, unless it is there.</summary>
    public static void MakeDirectory(string path, uint mode)
    {
        if (Mkdir(path, mode) == 0)
        {
            return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error != Eexist || !Directory.Exists(path))
        {
            throw Failure(error, path);
        }
    }

    /// <summary>Begins to bring what was written there to the disk, without waiting. What goes wrong, the flush will tell.</summary>
    [SupportedOSPlatform("linux")]
    public static void BeginFlush(SafeFileHandle file, long offset, long length) => SyncFileRange(file, offset, length, SyncFileRangeWrite);

    private static Exception Failure(int error, string path) => error switch
    {
        Enoent => new DirectoryNotFoundException($"Could not find '{path}'."),
        Eperm or Eacces => new UnauthorizedAccessException($"Access to '{path}' is denied."),
        _ => new IOException($"{new Win32Exception(error).Message}: '{path}'", error),
    };

    // The third argument of open is variadic and not passed: files are created elsewhere.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mkdir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint Pread(SafeFileHandle file, out byte buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    [SupportedOSPlatform("linux")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);
}
