using MagicFolder.FileSystem.Disks.Linux;
using MagicFolder.FileSystem.Disks.Portable;

namespace MagicFolder.FileSystem.Disks;

/// <summary>The disk of this computer.</summary>
public static class LocalDisk
{
    /// <summary>
    /// Opens the folder at <paramref name="root"/>, an existing directory. On Linux the directory is held open: it is followed when it is renamed, and keeps
    /// its disk from being unmounted until the result is disposed of; open it anew for each run.
    /// </summary>
    /// <exception cref="DiskException">The directory is not there or cannot be opened.</exception>
    public static IDisk Open(string root) =>
        OperatingSystem.IsLinux() && LinuxCalls.Supported ? LinuxDisk.Open(root, LinuxFeatures.All) : PortableDisk.Open(root);
}
