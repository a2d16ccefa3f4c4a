using System.Runtime.InteropServices;
using System.Text;

namespace MagicFolder.FileSystem.Tests;

/// <summary>Makes what .NET cannot make.</summary>
internal static partial class Native
{
    public static void MakeFifo(string path) => Check(MakeFifo(Encoding.UTF8.GetBytes(path + "\0"), 0x180));

    public static void MakeDirectory(string parent, ReadOnlySpan<byte> name) => Check(MakeDirectory([.. Encoding.UTF8.GetBytes(parent + "/"), .. name, 0], 0x1C0));

    public static void RemoveDirectory(string parent, ReadOnlySpan<byte> name) => Check(RemoveDirectory([.. Encoding.UTF8.GetBytes(parent + "/"), .. name, 0]));

    /// <summary>The events of the kinds in <paramref name="mask"/> (inotify(7)) that <paramref name="act"/> makes on a directory or file, by name; it leaves none out as long as they are few.</summary>
    public static List<(uint Kind, string Name)> Events(string watched, uint mask, Action act)
    {
        const int nonBlocking = 0x800;
        int watch = InotifyInit(nonBlocking);
        Check(Math.Min(watch, 0));
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(watch, ownsHandle: true);
        Check(Math.Min(InotifyAddWatch(watch, Encoding.UTF8.GetBytes(watched + "\0"), mask), 0));
        act();
        var buffer = new byte[64 * 1024];
        int length = (int)Math.Max(0, Read(watch, buffer, buffer.Length));
        var events = new List<(uint, string)>();
        for (var rest = buffer.AsSpan(0, length); !rest.IsEmpty;)
        {
            int nameLength = BitConverter.ToInt32(rest[12..]);
            events.Add((BitConverter.ToUInt32(rest[4..]), Encoding.UTF8.GetString(rest.Slice(16, nameLength)).TrimEnd('\0')));
            rest = rest[(16 + nameLength)..];
        }
        return events;
    }

    private static void Check(int result)
    {
        if (result != 0) throw new IOException($"error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true)]
    private static partial int InotifyAddWatch(int watch, byte[] path, uint mask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int file, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static partial int MakeFifo(byte[] path, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeDirectory(byte[] path, int mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true)]
    private static partial int RemoveDirectory(byte[] path);
}
