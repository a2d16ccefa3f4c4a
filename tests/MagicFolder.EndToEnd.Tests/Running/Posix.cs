using System.Runtime.InteropServices;
using System.Text;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>Makes and does what .NET cannot.</summary>
internal static partial class Posix
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;

    internal static void MakeFifo(string path) => Check(MakeFifo(Bytes(path), 0x180));

    /// <summary>An empty file whose name is these bytes, which need not be UTF-8.</summary>
    internal static void MakeFile(string directory, ReadOnlySpan<byte> name)
    {
        int file = Open([.. Encoding.UTF8.GetBytes(directory + "/"), .. name, 0], 0x41, 0x1A4);
        Check(file);
        Check(Close(file));
    }

    /// <summary>Sets the mtime of what stands there, itself a symlink or not.</summary>
    internal static void SetModified(string path, long seconds, long nanoseconds) =>
        Check(SetTimes(CurrentDirectory, Bytes(path), [seconds, nanoseconds, seconds, nanoseconds], NoFollow));

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");

    private static void Check(int result)
    {
        if (result < 0) throw new IOException($"error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static partial int MakeFifo(byte[] path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte[] path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static partial int SetTimes(int directory, byte[] path, long[] times, int flags);
}
