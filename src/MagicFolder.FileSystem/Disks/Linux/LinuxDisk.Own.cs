using MagicFolder.Model.Paths;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>
/// Directories of the program itself, in the reserved one. Thousands of files in a row are staged in the same, so the one used last is held open until the next flush. All others are
/// found anew for each call (<see cref="DirectoryFd"/>); this one is nobody else's to rename, and whoever does it all the same finds in it what was staged.
/// </summary>
internal sealed partial class LinuxDisk
{
    private readonly Lock _ownLock = new();
    private RelativePath _ownPath;
    private SafeFileHandle? _own;

    private DirectoryFd ReachOwn(RelativePath directory, out int error)
    {
        lock (_ownLock)
        {
            error = 0;
            if (_own is not null && directory == _ownPath) return DirectoryFd.Borrow(_own);
            int fd = OpenBeneath(directory.Key, LinuxCalls.OpenPath | LinuxCalls.OpenDirectory, 0);
            if (fd < 0)
            {
                error = -fd;
                return DirectoryFd.Borrow(_root);
            }
            _own?.Dispose();
            _own = new SafeFileHandle(fd, ownsHandle: true);
            _ownPath = directory;
            return DirectoryFd.Borrow(_own);
        }
    }

    /// <summary>Opens a file in its directory: a descriptor, or errno negated.</summary>
    private int OpenIn(RelativePath path, int flags, int mode)
    {
        if (!path.IsReserved || path.Parent.IsRoot) return OpenBeneath(path.Key, flags, mode);
        using var parent = ReachOwn(path.Parent, out int error);
        if (error != 0) return -error;
        int fd = OpenAt(parent.Fd, path.NameUtf8, flags | LinuxCalls.OpenCloseOnExec, mode);
        return fd == -LinuxErrors.NoEntry && LetGo() ? OpenBeneath(path.Key, flags, mode) : fd;
    }

    /// <summary>True if one was held.</summary>
    private bool LetGo()
    {
        lock (_ownLock)
        {
            bool held = _own is not null;
            _own?.Dispose();
            _own = null;
            return held;
        }
    }
}
