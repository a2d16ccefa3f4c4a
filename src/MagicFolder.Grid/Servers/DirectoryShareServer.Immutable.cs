using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Servers;

public sealed partial class DirectoryShareServer
{
    public async Task<IShareUpload?> BeginUploadAsync(StorageIndex index, int number, long size, LeaseSecrets lease, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, GridLayout.HighestShareNumber);

        var path = GridLayout.Share(_layout.Slot(index), number);
        if (File.Exists(path) && await LockedAsync(index, () => RenewIfThere(index, path, lease), cancel))
        {
            return null;
        }

        return Guarded(_layout.Incoming, () => new DirectoryShareUpload(this, CreateIncoming(index, number), index, number, size, lease));
    }

    /// <summary>
    /// Moves a complete and flushed file to its place. False if a share is there already; then the file is dropped and the lease is on the share.
    /// </summary>
    internal Task<bool> PublishAsync(StorageIndex index, int number, string incoming, LeaseSecrets lease, CancellationToken cancel) =>
        LockedAsync(index, () =>
        {
            var slot = _layout.Slot(index);
            var path = GridLayout.Share(slot, number);
            if (RenewIfThere(index, path, lease))
            {
                File.Delete(incoming);
                return false;
            }

            var fresh = ListShares(slot).Count == 0;
            MakeSlot(slot);
            File.Move(incoming, path, overwrite: true);
            FlushSlot(slot, fresh);
            return true;
        }, cancel);

    private bool RenewIfThere(StorageIndex index, string path, LeaseSecrets lease)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        if (!ImmutableShareFile.TryRenewLease(path, lease, LeaseEnd()))
        {
            throw new GridException(GridFailure.Denied, $"The slot {index} holds a mutable share, so no immutable one can be put there.");
        }

        // Whoever put the share there may have died before its name was durable, and our caller is about to rely on it.
        FlushSlot(_layout.Slot(index), fresh: true);
        return true;
    }

    /// <summary>A file of this upload alone: several uploaders of one share do not meet before they finish.</summary>
    private FileStream CreateIncoming(StorageIndex index, int number)
    {
        Span<byte> unique = stackalloc byte[8];
        _random.Fill(unique);
        var path = Path.Combine(_layout.Incoming, $"{index}.{number}.{Convert.ToHexStringLower(unique)}");
        if (!Directory.Exists(_layout.Incoming))
        {
            // A Tahoe-LAFS server removes this directory when it starts. Nothing above it is made, lest a grid appear on an empty mount point.
            EnsurePresent();
            PrivateFiles.CreateOneDirectory(_layout.Incoming);
        }

        ShareFile.RequireDirectory(_layout.Incoming);

        // Not sharing the file takes the lock that tells openers of the grid that this uploader lives.
        return PrivateFiles.Open(path, FileMode.CreateNew, FileShare.None);
    }

    /// <summary>Makes the directory of a slot; the caller holds its lock, which all slots of a group share.</summary>
    private void MakeSlot(string slot)
    {
        // RACE: whoever controls the grid directory can put a link there after this look; then a share is written elsewhere, under a number for a name.
        RequireDirectories(slot);
        if (!Directory.Exists(slot))
        {
            EnsurePresent();
            PrivateFiles.CreateOneDirectory(Path.GetDirectoryName(slot)!);
            PrivateFiles.CreateOneDirectory(slot);
        }
    }

    private static void RequireDirectories(string slot)
    {
        ShareFile.RequireDirectory(Path.GetDirectoryName(slot)!);
        ShareFile.RequireDirectory(slot);
    }

    /// <summary>
    /// Makes the names in a slot durable, and for the first share of a slot those of the directories on the way: also when they exist, since whoever made them may have died
    /// before flushing them.
    /// </summary>
    private void FlushSlot(string slot, bool fresh)
    {
        PrivateFiles.FlushDirectory(slot);
        if (fresh)
        {
            var group = Path.GetDirectoryName(slot)!;
            PrivateFiles.FlushDirectory(group);
            if (!_durableGroups.ContainsKey(group))
            {
                PrivateFiles.FlushDirectory(_layout.Shares);
                _durableGroups[group] = true;
            }
        }
    }
}
