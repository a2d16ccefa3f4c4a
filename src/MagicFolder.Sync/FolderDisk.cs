using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync;

/// <summary>
/// Systems number disks anew: after a restart, in another port, for a folder that was brought to another disk. What is recorded of the folder's own disk follows its number, so that only what is
/// mounted inside of the folder is told by it.
/// </summary>
internal static class FolderDisk
{
    internal static void Recognize(EngineParts parts)
    {
        if (parts.Disk.Stat(RelativePath.Root) is not { Device: var device } || parts.State.FolderDisk.Read() == device) return;
        using var transaction = parts.State.Begin();
        if (parts.State.FolderDisk.Read() is null) parts.State.FolderDisk.Write(device);
        else parts.State.FolderDisk.MoveTo(device);
        transaction.Commit();
    }
}
