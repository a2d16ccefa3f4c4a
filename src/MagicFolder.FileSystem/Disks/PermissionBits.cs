using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

/// <summary>Disks that cannot hold permission bits (FAT, exFAT, NTFS, many network file systems, Windows) show the same ones for all files, and many of them let them be set without effect.</summary>
public static class PermissionBits
{
    private const int ForOwner = 0b110_000_000;
    private const int ExecutableForOwner = 0b111_000_000;

    private static RelativePath Probe { get; } = RelativePath.Parse(RelativePath.ReservedName).Child("bits");

    /// <summary>Can a file be made executable on this disk, and not? Tries it in the program's own directory, which has to be there. Null when that cannot be tried now.</summary>
    public static bool? AreHeld(IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        try
        {
            // Left by a crash.
            if (disk.Stat(Probe) is not null) disk.Remove(Probe);
            disk.CreateFile(Probe, ForOwner).Dispose();
            try
            {
                return Takes(disk, ExecutableForOwner) && Takes(disk, ForOwner);
            }
            finally
            {
                disk.Remove(Probe);
            }
        }
        catch (DiskException)
        {
            return null;
        }
    }

    private static bool Takes(IDisk disk, int mode) =>
        disk.TrySetAttributes(Probe, mtimeNs: null, mode) && disk.Stat(Probe) is { } stat && (stat.Mode & ExecutableForOwner) == mode;
}
