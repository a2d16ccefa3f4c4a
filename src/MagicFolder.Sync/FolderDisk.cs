using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.State;

namespace MagicFolder.Sync;

/// <summary>
/// Systems number disks anew: after a restart, in another port, for a folder that was brought to another disk. What is recorded of the folder's own disk follows its number, so that only what is
/// mounted inside of the folder is told by it. And whether it holds permission bits is tried at each opening, for a file system may be mounted in another way the next time.
/// </summary>
internal static class FolderDisk
{
    /// <summary>The disk to work with. The program's own directory has to be there.</summary>
    internal static IDisk Recognize(IDisk disk, ParticipantDatabase state)
    {
        FollowNumber(disk, state);
        if (PermissionBits.AreHeld(disk) is { } held && held != state.FolderDisk.HoldsBits()) state.FolderDisk.WriteHoldsBits(held);
        return AsNoted(disk, state);
    }

    /// <summary>The disk as the engine saw it last, for who only looks.</summary>
    internal static IDisk AsNoted(IDisk disk, ParticipantDatabase state) => state.FolderDisk.HoldsBits() ? disk : new BitlessDisk(disk);

    private static void FollowNumber(IDisk disk, ParticipantDatabase state)
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
