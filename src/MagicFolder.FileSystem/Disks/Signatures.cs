using MagicFolder.Model.Materialized;

namespace MagicFolder.FileSystem.Disks;

/// <summary>Stats as the signatures that records keep.</summary>
public static class Signatures
{
    public static DiskSignature ToSignature(this DiskStat stat) =>
        new(stat.Kind == DiskKind.Directory ? DiskSignature.DirectorySize : stat.Size, stat.MtimeNs, stat.CtimeNs, stat.Inode, stat.Device, stat.Executable);

    /// <summary>
    /// Is this still the recorded thing, a change of ctime alone allowed (a rename or an exchange makes one)? A directory has no content of its own,
    /// so for one only its identity counts; and that it was a directory: a file system gives the number of a removed file to the next thing that is made.
    /// </summary>
    public static bool IsStill(this DiskStat stat, DiskSignature expected) => stat.Kind == DiskKind.Directory
        ? expected.Size == DiskSignature.DirectorySize && stat.Inode == expected.Inode && stat.Device == expected.Device
        : stat.ToSignature().IsSameApartFromCtime(expected);
}
