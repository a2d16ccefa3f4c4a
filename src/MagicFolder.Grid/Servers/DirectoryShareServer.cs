using System.Collections.Concurrent;
using MagicFolder.Grid.Servers.Locking;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// A storage server that is a directory, with the layout of a real Tahoe-LAFS storage server (docs/formats/storage-directory.md), which can serve the same directory when this one
/// does not run. Several processes may use one directory: whatever reads, decides and replaces holds the lock of the slot. Readers need no lock, since shares
/// appear and are replaced by renaming.
/// </summary>
public sealed partial class DirectoryShareServer : IShareServer, ICollectibleShares
{
    /// <summary>How long a lease lasts.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromDays(31);

    private readonly GridLayout _layout;
    private readonly SlotLocks _locks;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly DateTime _identified;
    // Groups (shares/XX) whose names this process has flushed.
    private readonly ConcurrentDictionary<string, bool> _durableGroups = new(StringComparer.Ordinal);

    private DirectoryShareServer(GridLayout layout, SlotLocks locks, ServerIdentity identity, TimeProvider time, IRandomSource random)
    {
        _layout = layout;
        _locks = locks;
        _time = time;
        _random = random;
        _identified = File.GetLastWriteTimeUtc(layout.NodeId);
        Identity = identity;
    }

    public ServerIdentity Identity { get; }

    public bool IsCurrent
    {
        get
        {
            try
            {
                return File.GetLastWriteTimeUtc(_layout.NodeId) == _identified;
            }
            catch (Exception e) when (StorageTrouble.IsStorage(e))
            {
                // Opening it anew tells what is wrong.
                return false;
            }
        }
    }

    /// <summary>The path of the directory.</summary>
    public override string ToString() => _layout.Root;

    public Task<IReadOnlyList<int>> ListSharesAsync(StorageIndex index, CancellationToken cancel)
    {
        var slot = _layout.Slot(index);
        return Guarded<IReadOnlyList<int>>(slot, () => ListShares(slot), cancel);
    }

    public Task<IShareHandle> OpenShareAsync(StorageIndex index, int number, CancellationToken cancel)
    {
        var path = GridLayout.Share(_layout.Slot(index), number);
        return Guarded<IShareHandle>(path, () => DirectoryShareHandle.Open(path, index, number) ?? throw MissingShare(index, number), cancel);
    }

    public Task<bool> AddOrRenewLeaseAsync(StorageIndex index, LeaseSecrets lease, CancellationToken cancel) =>
        LockedAsync(index, () => RenewLeases(index, lease), cancel);

    /// <summary>
    /// Numbers of what stands in the places of shares in a slot directory, ascending. Empty when there is no such slot; an exception when there is no grid, or the slot is no
    /// directory.
    /// </summary>
    private List<int> ListShares(string slot)
    {
        var numbers = new List<int>();
        try
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(slot))
            {
                if (GridLayout.TryShareNumber(Path.GetFileName(path.AsSpan()), out var number))
                {
                    numbers.Add(number);
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            EnsurePresent();
        }
        catch (IOException)
        {
            RequireDirectories(slot);
            throw;
        }

        numbers.Sort();
        return numbers;
    }

    private bool RenewLeases(StorageIndex index, LeaseSecrets lease)
    {
        var slot = _layout.Slot(index);
        var expiration = LeaseEnd();
        var numbers = ListShares(slot);
        var mutable = false;
        foreach (var number in numbers)
        {
            var path = GridLayout.Share(slot, number);
            if (!ImmutableShareFile.TryRenewLease(path, lease, expiration))
            {
                mutable = true;
                RequireDirectories(slot);
                RenewMutableLease(index, path, lease, expiration);
            }
        }

        if (mutable)
        {
            FlushSlot(slot, fresh: true);
        }

        return numbers.Count > 0;
    }

    /// <summary>Seconds since 1970 of the end of a lease taken now; saturates in 2106.</summary>
    internal uint LeaseEnd() => (uint)Math.Clamp((_time.GetUtcNow() + LeaseDuration).ToUnixTimeSeconds(), 0, uint.MaxValue);

    /// <summary>A share that is not found may be a grid that is not mounted, which must not pass for absence.</summary>
    private void EnsurePresent()
    {
        if (!Directory.Exists(_layout.Shares))
        {
            throw StorageTrouble.Missing(_layout.Shares);
        }
    }

    private GridException MissingShare(StorageIndex index, int number)
    {
        EnsurePresent();
        return new GridException(GridFailure.NotFound, $"Share {number} of {index} is not in '{_layout.Root}'.");
    }

    /// <summary>Runs a short piece of blocking work off the caller's thread, under the lock of the slot.</summary>
    private async Task<T> LockedAsync<T>(StorageIndex index, Func<T> work, CancellationToken cancel)
    {
        using var held = await _locks.TakeAsync(index, cancel);
        return await Task.Run(() => Guarded(_layout.Slot(index), work), cancel);
    }

    /// <summary>Runs quick work at once, as a task.</summary>
    private static Task<T> Guarded<T>(string path, Func<T> work, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            return Task.FromResult(Guarded(path, work));
        }
        catch (Exception e) when (e is GridException or OperationCanceledException)
        {
            return Task.FromException<T>(e);
        }
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DamagedContainerException e)
        {
            throw new GridException(GridFailure.Damaged, $"The container of a share is damaged: {e.Fault} ('{path}').", e);
        }
        catch (Exception e) when (StorageTrouble.IsStorage(e))
        {
            throw StorageTrouble.Describe(e, path);
        }
    }
}
