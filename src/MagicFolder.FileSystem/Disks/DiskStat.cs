using MagicFolder.Model.Versions;

namespace MagicFolder.FileSystem.Disks;

public enum DiskKind : byte
{
    File = 0,
    Directory = 1,
    Symlink = 2,

    /// <summary>FIFO, socket, device: reported, never synchronized.</summary>
    Special = 3,
}

/// <summary>
/// What lstat says. Times are nanoseconds since the epoch; <paramref name="Mode"/> is the permission bits, 0 to 07777, which mean nothing where the disk cannot hold them (<paramref name="HoldsBits"/>).
/// </summary>
public readonly record struct DiskStat(DiskKind Kind, long Size, long MtimeNs, long CtimeNs, ulong Inode, ulong Device, int Mode, int Links, bool HoldsBits = true)
{
    /// <summary>The owner's execute bit of a file; null of anything else, and where the disk cannot hold it.</summary>
    public bool? Executable => Kind == DiskKind.File && HoldsBits ? EntryValue.IsExecutableMode(Mode) : null;
}
