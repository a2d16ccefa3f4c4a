using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

public static class DiskAttributes
{
    /// <summary>Sets what is not null, if the disk can hold it and the user may: FAT has no permission bits, and the file may be somebody else's. The content is what counts.</summary>
    /// <returns>Was it set?</returns>
    public static bool TrySetAttributes(this IDisk disk, RelativePath path, long? mtimeNs, int? mode)
    {
        try
        {
            disk.SetAttributes(path, mtimeNs, mode);
            return true;
        }
        catch (DiskException e) when (e.Fault is DiskFault.Unsupported or DiskFault.AccessDenied)
        {
            return false;
        }
    }
}
