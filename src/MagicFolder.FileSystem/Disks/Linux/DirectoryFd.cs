using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>
/// A directory held open for the length of one call: the root, borrowed, or one below it, closed at the end. Never kept longer: a directory that was renamed
/// meanwhile must not be written to under its old name. Only the program's own is (LinuxDisk.Own.cs).
/// </summary>
[SupportedOSPlatform("linux")]
internal readonly ref struct DirectoryFd(int fd, SafeFileHandle? borrowed) : IDisposable
{
    private readonly SafeFileHandle? _borrowed = borrowed;

    public int Fd { get; } = fd;

    public static DirectoryFd Borrow(SafeFileHandle root)
    {
        bool added = false;
        root.DangerousAddRef(ref added);
        return new DirectoryFd((int)root.DangerousGetHandle(), root);
    }

    public void Dispose()
    {
        if (_borrowed is null) _ = LinuxCalls.Close(Fd);
        else _borrowed.DangerousRelease();
    }
}
