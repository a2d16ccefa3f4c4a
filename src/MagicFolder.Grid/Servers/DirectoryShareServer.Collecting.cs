using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Servers;

public sealed partial class DirectoryShareServer
{
    public Task<Reclaimed> DeleteUnleasedAsync(StorageIndex index, LeaseSecrets? own, CancellationToken cancel) =>
        LockedAsync(index, () => DeleteUnleased(_layout.Slot(index), own), cancel);

    public Task<Reclaimed> LookUnleasedAsync(StorageIndex index, LeaseSecrets? own, CancellationToken cancel) =>
        LockedAsync(index, () => LookUnleased(_layout.Slot(index), own), cancel);

    public Task EndLeaseAsync(StorageIndex index, LeaseSecrets own, CancellationToken cancel) =>
        LockedAsync(
            index,
            () =>
            {
                var slot = _layout.Slot(index);
                var now = NowSeconds();
                foreach (var number in ListShares(slot))
                {
                    ImmutableShareFile.EndLease(GridLayout.Share(slot, number), own, now);
                }

                return true;
            },
            cancel);

    private Reclaimed LookUnleased(string slot, LeaseSecrets? own)
    {
        var numbers = ListShares(slot);
        var now = NowSeconds();
        long bytes = 0;
        foreach (var number in numbers)
        {
            var path = GridLayout.Share(slot, number);
            if (WhyItStays(path, own, now) is { } reason)
            {
                return new Reclaimed(reason, 0);
            }

            bytes += new FileInfo(path).Length;
        }

        return new Reclaimed(numbers.Count == 0 ? ReclaimOutcome.NotFound : ReclaimOutcome.Deleted, bytes);
    }

    private Reclaimed DeleteUnleased(string slot, LeaseSecrets? own)
    {
        var looked = LookUnleased(slot, own);
        if (looked.Outcome == ReclaimOutcome.Deleted)
        {
            foreach (var number in ListShares(slot))
            {
                File.Delete(GridLayout.Share(slot, number));
            }

            // Not flushed: a deletion that a power loss undoes only leaves what nobody needs.
            RemoveEmptySlot(slot);
        }

        return looked;
    }

    private static ReclaimOutcome? WhyItStays(string path, LeaseSecrets? own, long now)
    {
        try
        {
            return ImmutableShareFile.LastExpiration(path, own) switch
            {
                null => ReclaimOutcome.Mutable,
                { } end when end > now => ReclaimOutcome.Leased,
                _ => null,
            };
        }
        catch (Exception e) when (e is DamagedContainerException or GridException { Failure: GridFailure.Damaged })
        {
            return ReclaimOutcome.Damaged;
        }
    }

    private uint NowSeconds() => (uint)Math.Clamp(_time.GetUtcNow().ToUnixTimeSeconds(), 0, uint.MaxValue);
}
