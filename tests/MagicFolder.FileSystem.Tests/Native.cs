using System.Runtime.InteropServices;
using System.Text;

namespace MagicFolder.FileSystem.Tests;

/// <summary>Makes what .NET cannot make.</summary>
internal static partial class Native
{
    public static void MakeFifo(string path) => Check(MakeFifo(Encoding.UTF8.GetBytes(path + "\0"), 0x180));

    public static void MakeDirectory(string parent, ReadOnlySpan<byte> name) => Check(MakeDirectory([.. Encoding.UTF8.GetBytes(parent + "/"), .. name, 0], 0x1C0));

    public static void RemoveDirectory(string parent, ReadOnlySpan<byte> name) => Check(RemoveDirectory([.. Encoding.UTF8.GetBytes(parent + "/"), .. name, 0]));

    private static void Check(int result)
    {
        if (result != 0) throw new IOException($"error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static partial int MakeFifo(byte[] path, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeDirectory(byte[] path, int mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true)]
    private static partial int RemoveDirectory(byte[] path);
}
