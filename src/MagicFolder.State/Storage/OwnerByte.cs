using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.State;

/// <summary>
/// The second wall behind the lock file, which a user may delete while it is held (on Windows nobody can): an exclusive lock on one byte of the database file itself. The byte lies
/// beyond those that SQLite locks, so that readers are let in. Elsewhere than on Linux the lock file alone has to do.
/// </summary>
/// <remarks>
/// An open-file-description lock, since an ordinary POSIX lock would not keep this process from opening the file twice. Closing the handle drops the POSIX locks that this
/// process has on the file, SQLite's included: close it after SQLite.
/// </remarks>
internal sealed partial class OwnerByte : IDisposable
{
    /// <summary>SQLite locks 512 bytes from 0x40000000 on.</summary>
    private const long Position = 0x40000000 + 4096;

    private const int SetLock = 37;
    private const short WriteLock = 1;
    private const int WouldBlock = 11;
    private const int AccessDenied = 13;

    private readonly FileStream _file;

    private OwnerByte(FileStream file) => _file = file;

    /// <summary>Null where there are no such locks. Makes the file, for its owner only, if it is missing.</summary>
    /// <exception cref="StateInUseException">Somebody has it.</exception>
    internal static OwnerByte? Take(string file)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var stream = Opening.OpenPrivately(file);
        // Any other error means a file system without such locks.
        if (TryLock(stream.SafeFileHandle) is not (WouldBlock or AccessDenied)) return new OwnerByte(stream);
        stream.Dispose();
        throw new StateInUseException($"The state database {file} is in use by another process.");
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The error; 0 when it is taken.</summary>
    [SupportedOSPlatform("linux")]
    private static int TryLock(SafeFileHandle file)
    {
        var wanted = new Flock { Type = WriteLock, Start = Position, Length = 1 };
        return Fcntl(file, SetLock, ref wanted) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary><c>struct flock</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct Flock
    {
        [FieldOffset(0)]
        internal short Type;
        [FieldOffset(8)]
        internal long Start;
        [FieldOffset(16)]
        internal long Length;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle file, int command, ref Flock argument);
}
