using System.Runtime.Versioning;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>
/// On which file systems syncfs(2) makes durable what fsync(2) of everything would. It reports no error where a file system has nothing for it: of one in user space (FUSE) or of
/// eCryptfs it writes back what the kernel holds, and asks for no more. The numbers are those of statfs(2).
/// </summary>
internal static class WholeFlush
{
    // overlayfs does what the file system below it does, and says nothing of which that is.
    internal static bool WorksOn(uint fileSystem) => fileSystem is
        0xEF53 // ext2, ext3, ext4
        or 0x58465342 // XFS
        or 0x9123683E // Btrfs
        or 0xF2F52010 // F2FS
        or 0x01021994; // tmpfs, which keeps nothing anyway

    [SupportedOSPlatform("linux")]
    internal static bool WorksFor(int fd) => LinuxCalls.TryGetFileSystem(fd, out uint fileSystem) && WorksOn(fileSystem);
}
