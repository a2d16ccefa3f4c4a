using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Marking;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync;

/// <summary>A folder without its marker is not there (an empty mount point looks just like a folder from which everything was deleted).</summary>
internal static class FolderPresence
{
    /// <param name="parts">The participant.</param>
    /// <param name="mayBeNew">May the directory still be without a marker? Then it gets one.</param>
    /// <returns>Whether the marker was there already.</returns>
    internal static bool Check(EngineParts parts, bool mayBeNew)
    {
        try
        {
            var file = new MarkerFile(parts.Disk);
            if (file.Read() is { } marker)
            {
                if (marker.Folder != parts.Folder)
                    throw new FolderUnavailableException($"The directory of {parts.Petname} belongs to another magic folder; give another directory.");
                if (mayBeNew) file.MakeDurable();
                return true;
            }
        }
        catch (DiskException e)
        {
            throw new FolderUnavailableException($"The directory of {parts.Petname} cannot be looked at: {DiskTrouble.Reason(e.Fault)}; {DiskTrouble.Advice(e.Fault)}.");
        }
        if (!mayBeNew)
        {
            throw new FolderUnavailableException(
                $"The directory of {parts.Petname} has lost its marker ({RelativePath.ReservedName}/folder.json), so it is not taken for the folder: mount or restore it, then run again. Nothing was deleted anywhere.");
        }
        new StagingArea(parts.Disk, () => "unused").Prepare();
        new MarkerFile(parts.Disk).Write(new FolderMarker(parts.Folder, parts.Petname));
        return false;
    }
}
