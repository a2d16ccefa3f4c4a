using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.State;

namespace MagicFolder.Sync;

/// <summary>
/// Systems number disks anew: after a restart, in another port, for a folder that was brought to another disk. What is recorded of the folder's own disk follows its number, so that only what is
/// mounted inside of the folder is told by it.
/// </summary>
internal static class FolderDisk
{
    internal static void Recognize(IDisk disk, ParticipantDatabase state)
    {
        if (disk.Stat(RelativePath.Root) is not { Device: var device } || state.FolderDisk.Read() == device) return;
        using var transaction = state.Begin();
        if (state.FolderDisk.Read() is null) state.FolderDisk.Write(FormerNumber(disk, state) ?? device);
        state.FolderDisk.MoveTo(device);
        transaction.Commit();
    }

    /// <summary>
    /// Of a state from before it was noted. Only where all directories at the top are recorded with one number, and are the very same directories with another now: what is mounted or away would be others.
    /// </summary>
    private static ulong? FormerNumber(IDisk disk, ParticipantDatabase state)
    {
        var top = state.Records.Directories().Where(record => record.Path.Parent.IsRoot).ToList();
        return top.Count > 0 && top.TrueForAll(record => record.Signature.Device == top[0].Signature.Device && IsStill(disk, record)) ? top[0].Signature.Device : null;
    }

    private static bool IsStill(IDisk disk, MaterializedRecord record)
    {
        try
        {
            return disk.StatOrNull(record.Path) is { Kind: DiskKind.Directory } stat && stat.Inode == record.Signature.Inode;
        }
        catch (DiskException)
        {
            return false;
        }
    }
}
