namespace MagicFolder.Model.Materialized;

/// <summary>
/// By what a thing on disk is recognized as unchanged: bytes (<see cref="DirectorySize"/> for a directory), nanoseconds since the epoch, inode and device number.
/// <c>default</c> matches nothing real.
/// </summary>
public readonly record struct DiskSignature(long Size, long MtimeNs, long CtimeNs, ulong Inode, ulong Device)
{
    /// <summary>Stands where a directory has no size that means anything, and tells it from a file with the same inode number.</summary>
    public const long DirectorySize = -1;

    /// <summary>
    /// The same thing with the same content as far as the disk tells, a rename or exchange in between allowed: these change ctime only.
    /// </summary>
    public bool IsSameApartFromCtime(DiskSignature other) =>
        Size == other.Size && MtimeNs == other.MtimeNs && Inode == other.Inode && Device == other.Device;

    /// <summary>Is it the thing with these numbers, whatever was done to it since? Null where a disk numbers nothing, so that both are 0.</summary>
    public bool? IsThing(ulong inode, ulong device) => inode == 0 ? null : Inode == inode && Device == device;
}
