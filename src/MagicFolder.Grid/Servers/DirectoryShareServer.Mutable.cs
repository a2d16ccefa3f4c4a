using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Servers;

public sealed partial class DirectoryShareServer
{
    // The name of the temporary file is fixed: under the lock nobody else uses it, and one that is there was left by a crash and is written over.
    private const string Temporary = ".new";

    public Task<ReadTestWriteResult> ReadTestWriteAsync(
        StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return LockedAsync(index, () => ReadTestWrite(index, enabler, lease, request), cancel);
    }

    private ReadTestWriteResult ReadTestWrite(StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request)
    {
        var slot = _layout.Slot(index);
        var shares = new Dictionary<int, MutableContainer>();
        foreach (var number in ListShares(slot))
        {
            if (LoadIntact(index, GridLayout.Share(slot, number)) is { } share)
            {
                shares[number] = share;
            }
        }

        var change = MutableSlot.Decide(shares, request, enabler, lease, LeaseEnd(), Identity.NodeId)
            ?? throw new GridException(GridFailure.Denied, $"The slot {index} was made with another write enabler: by another key, or for another server.");
        if (change.Replaced.Count == 0)
        {
            return change.Result;
        }

        MakeSlot(slot);
        foreach (var (number, container) in change.Replaced)
        {
            var path = GridLayout.Share(slot, number);
            if (container is null)
            {
                File.Delete(path);
            }
            else
            {
                // Share by share: a crash in between leaves some shares of a slot at the old version, which readers and the next writer sort out by version.
                Replace(path, container);
            }
        }

        FlushSlot(slot, fresh: shares.Count == 0);
        RemoveEmptySlot(slot);
        return change.Result;
    }

    private void RenewMutableLease(StorageIndex index, string path, LeaseSecrets lease, uint expiration)
    {
        var before = LoadMutable(index, path);
        var after = before.WithLease(lease, expiration, Identity.NodeId);
        if (!ReferenceEquals(before, after))
        {
            Replace(path, after);
        }
    }

    private static void Replace(string path, MutableContainer container)
    {
        ShareFile.RefuseDirectory(path);
        ShareFile.RefuseDirectory(path + Temporary);
        PrivateFiles.Replace(path, path + Temporary, container.Write());
    }

    /// <summary>
    /// Null for what nobody can read as a mutable share: it counts as missing, so that its writer may put a version in its place. What verifies nowhere is not lost by
    /// that.
    /// </summary>
    private static MutableContainer? LoadIntact(StorageIndex index, string path)
    {
        try
        {
            return LoadMutable(index, path);
        }
        catch (Exception e) when (e is DamagedContainerException or GridException { Failure: GridFailure.Damaged })
        {
            return null;
        }
    }

    private static MutableContainer LoadMutable(StorageIndex index, string path)
    {
        using var file = ShareFile.Open(path, FileAccess.Read);
        var length = RandomAccess.GetLength(file);
        if (length > MutableContainer.MaximumFileLength)
        {
            throw new DamagedContainerException(ContainerFault.TooLarge);
        }

        var bytes = new byte[length];
        var at = 0;
        int read;
        while (at < bytes.Length && (read = RandomAccess.Read(file, bytes.AsSpan(at), at)) > 0)
        {
            at += read;
        }

        try
        {
            return MutableContainer.ParseForgivingLeases(bytes.AsSpan(0, at));
        }
        catch (DamagedContainerException e) when (e.Fault == ContainerFault.WrongKind)
        {
            throw new GridException(GridFailure.Denied, $"The slot {index} holds an immutable share, which cannot be changed.", e);
        }
    }

    /// <summary>Removes the directory of a slot whose last share is gone. The caller holds its lock, so no other share can be on its way there.</summary>
    private static void RemoveEmptySlot(string slot)
    {
        var leftovers = Directory.GetFileSystemEntries(slot);
        if (leftovers.All(path => path.EndsWith(Temporary, StringComparison.Ordinal) && File.Exists(path)))
        {
            foreach (var path in leftovers)
            {
                File.Delete(path);
            }

            Directory.Delete(slot);
        }
    }
}
