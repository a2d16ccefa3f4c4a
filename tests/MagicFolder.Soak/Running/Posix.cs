using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.Soak.Running;

/// <summary>What .NET cannot do.</summary>
internal static partial class Posix
{
    internal const int Interrupt = 2;
    internal const int Kill = 9;
    internal const int Terminate = 15;
    internal const int Continue = 18;
    internal const int Stop = 19;

    private const int CurrentDirectory = -100;
    private const uint NoReplaceFlag = 1;
    private const uint ExchangeFlag = 2;

    internal static void Signal(int process, int signal) => _ = SendSignal(process, signal);

    /// <summary>Both swap places in one step; false when one of them is not there, or it cannot be.</summary>
    internal static bool Exchange(string one, string other) => Rename(CurrentDirectory, Bytes(one), CurrentDirectory, Bytes(other), ExchangeFlag) == 0;

    /// <summary>False when something is there, or it cannot be.</summary>
    internal static bool MoveNoReplace(string from, string to) => Rename(CurrentDirectory, Bytes(from), CurrentDirectory, Bytes(to), NoReplaceFlag) == 0;

    /// <summary>The inode's number and how many names it has.</summary>
    internal static (ulong Inode, ulong Links) Identity(SafeFileHandle file)
    {
        // struct statx: stx_nlink at 16, stx_ino at 32.
        var buffer = new byte[256];
        if (Statx(file.DangerousGetHandle().ToInt32(), [0], 0x1000, 0x7FF, buffer) != 0) throw new IOException("statx failed");
        return (BitConverter.ToUInt64(buffer, 32), BitConverter.ToUInt32(buffer, 16));
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "renameat2")]
    private static partial int Rename(int fromDirectory, byte[] from, int toDirectory, byte[] to, uint flags);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Statx(int directory, byte[] path, int flags, uint mask, byte[] buffer);
}
