using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>
/// The system calls, as the manual pages (section 2) have them. Calls that not every libc wraps go through <c>syscall</c> with the number for the
/// architecture; its variadic arguments are passed like named ones on x64 and arm64.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxCalls
{
    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 0x40;
    public const int OpenExclusive = 0x80;
    public const int OpenNoTerminal = 0x100;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenPath = 0x200000;

    public const int AtSymlinkNoFollow = 0x100;
    public const int AtRemoveDirectory = 0x200;
    public const int AtNoAutomount = 0x800;
    public const int AtEmptyPath = 0x1000;

    public const int MayEnter = 1;
    public const int MayWrite = 2;

    /// <summary>AT_EACCESS: with the rights of the program, its capabilities included, and not of who started it.</summary>
    public const int AsTheProgram = 0x200;

    public const ulong ResolveNoMagicLinks = 0x02;
    public const ulong ResolveNoSymlinks = 0x04;
    public const ulong ResolveBeneath = 0x08;

    public const uint RenameNoReplace = 1;
    public const uint RenameExchange = 2;

    public const int SetSignal = 10;
    public const int SetLease = 1024;
    public const int ReadLease = 0;
    public const int NoLease = 2;

    /// <summary>Ignored unless somebody asks for it, unlike SIGIO, which kills.</summary>
    public const int SignalUrgent = 23;

    public const uint SyncFileRangeWrite = 2;

    public const long TimeOmit = (1L << 30) - 2;

    private const long SyscallOpenat2 = 437;
    private const long SyscallFchmodat2 = 452;
    private const uint StatxBasic = 0x7ff;
    private const int StatfsLongs = 32;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly long SyscallStatx = IsArm ? 291 : 332;
    private static readonly long SyscallRenameat2 = IsArm ? 276 : 316;
    private static readonly long SyscallGetdents64 = IsArm ? 61 : 217;

    /// <summary>Are the numbers here right for this process?</summary>
    public static bool Supported => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static int OpenDirectory { get; } = IsArm ? 0x4000 : 0x10000;

    public static int OpenNoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    public static int Errno => Marshal.GetLastPInvokeError();

    public static int Openat2(int directory, byte* path, int flags, int mode, ulong resolve)
    {
        var how = stackalloc ulong[3];
        how[0] = (uint)flags;
        how[1] = (uint)mode;
        how[2] = resolve;
        return (int)Syscall(SyscallOpenat2, directory, (nint)path, (nint)how, 3 * sizeof(ulong), 0);
    }

    /// <param name="directory">Where <paramref name="path"/> starts, or the thing itself with <see cref="AtEmptyPath"/>.</param>
    /// <param name="path">Ends with NUL.</param>
    /// <param name="flags">AT_* flags.</param>
    /// <param name="buffer"><see cref="LinuxStat.BufferLength"/> bytes.</param>
    public static int Statx(int directory, byte* path, int flags, byte* buffer) =>
        (int)Syscall(SyscallStatx, directory, (nint)path, flags, (nint)StatxBasic, (nint)buffer);

    public static int Renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags) =>
        (int)Syscall(SyscallRenameat2, fromDirectory, (nint)from, toDirectory, (nint)to, (nint)flags);

    /// <summary>The kind of file system; struct statfs begins with it, and has 120 bytes.</summary>
    public static bool TryGetFileSystem(int fd, out uint kind)
    {
        var buffer = stackalloc long[StatfsLongs];
        bool ok = Fstatfs(fd, buffer) == 0;
        kind = ok ? (uint)buffer[0] : 0;
        return ok;
    }

    public static int Getdents64(int directory, byte* buffer, int length) =>
        (int)Syscall(SyscallGetdents64, directory, (nint)buffer, length, 0, 0);

    public static int Fchmodat2(int directory, byte* name, int mode, int flags) =>
        (int)Syscall(SyscallFchmodat2, directory, (nint)name, mode, flags, 0);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int Openat(int directory, byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint Pread(int fd, byte* buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Pwrite(int fd, byte* buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(int fd);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    public static partial int SyncFileRange(int fd, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int Syncfs(int fd);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int Mkdirat(int directory, byte* name, int mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int Symlinkat(byte* target, int directory, byte* name);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint Readlinkat(int directory, byte* name, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int Linkat(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int Renameat(int fromDirectory, byte* from, int toDirectory, byte* to);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int Unlinkat(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    public static partial int Faccessat(int directory, byte* path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int Fchmod(int fd, int mode);

    /// <param name="directory">Where the name is.</param>
    /// <param name="name">Ends with NUL.</param>
    /// <param name="times">atime, then mtime; seconds and nanoseconds each.</param>
    /// <param name="flags">AT_* flags.</param>
    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int Utimensat(int directory, byte* name, long* times, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    public static partial int Futimens(int fd, long* times);

    /// <summary>Two struct timespec, as utimensat(2) takes them: the time of access stays.</summary>
    public static void FillTimes(long* times, long mtimeNs)
    {
        times[0] = 0;
        times[1] = TimeOmit;
        (times[2], times[3]) = long.DivRem(mtimeNs, 1_000_000_000) is var (s, rest) && rest < 0 ? (s - 1, rest + 1_000_000_000) : (s, rest);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int Fstatfs(int fd, long* buffer);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(long number, nint first, nint second, nint third, nint fourth, nint fifth);
}
