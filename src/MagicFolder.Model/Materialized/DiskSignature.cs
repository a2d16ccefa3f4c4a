namespace MagicFolder.Model.Materialized;

/// <summary>
/// By what a thing on disk is recognized as unchanged: bytes (<see cref="DirectorySize"/> for a directory), nanoseconds since the epoch, inode and device number, and the owner's execute bit of
/// a file as the disk shows it (null where it can hold none), which need not be that of the version. <c>default</c> matches nothing real.
/// </summary>
public readonly record struct DiskSignature(long Size, long MtimeNs, long CtimeNs, ulong Inode, ulong Device, bool? Executable = null)
{
    /// <summary>Stands where a directory has no size that means anything, and tells it from a file with the same inode number.</summary>
    public const long DirectorySize = -1;

    /// <summary>
    /// The same thing with the same content as far as the disk tells, a rename or exchange in between allowed: these change ctime only.
    /// </summary>
    public bool IsSameApartFromCtime(DiskSignature other) =>
        Size == other.Size && MtimeNs == other.MtimeNs && Inode == other.Inode && Device == other.Device;

    /// <summary>Matches nothing real either, but says what the bit was.</summary>
    public static DiskSignature OfBit(bool? executable) => default(DiskSignature) with { Executable = executable };

    /// <summary>Is it the thing with these numbers, whatever was done to it since? Null where a disk numbers nothing, so that both are 0.</summary>
    public bool? IsThing(ulong inode, ulong device) => inode == 0 ? null : Inode == inode && Device == device;
}
