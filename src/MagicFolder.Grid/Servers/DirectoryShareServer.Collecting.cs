using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Servers;

public sealed partial class DirectoryShareServer
{
    public IEnumerable<StorageIndex> EnumerateSlots()
    {
        foreach (var group in Guarded(_layout.Shares, () => Directory.GetDirectories(_layout.Shares)))
        {
            // incoming/ has no slots in it: a group has two characters.
            if (Path.GetFileName(group.AsSpan()).Length != 2)
            {
                continue;
            }

            foreach (var slot in Guarded(group, () => Directory.GetDirectories(group)))
            {
                if (StorageIndex.TryParse(Path.GetFileName(slot), out var index))
                {
                    yield return index;
                }
            }
        }
    }

    public Task<Reclaimed> DeleteUnleasedAsync(StorageIndex index, CancellationToken cancel) =>
        LockedAsync(index, () => DeleteUnleased(_layout.Slot(index)), cancel);

    private Reclaimed DeleteUnleased(string slot)
    {
        var numbers = ListShares(slot);
        if (numbers.Count == 0)
        {
            return new Reclaimed(ReclaimOutcome.NotFound, 0);
        }

        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var number in numbers)
        {
            var stay = WhyItStays(GridLayout.Share(slot, number), now);
            if (stay is { } reason)
            {
                return new Reclaimed(reason, 0);
            }
        }

        long bytes = 0;
        foreach (var number in numbers)
        {
            var path = GridLayout.Share(slot, number);
            bytes += new FileInfo(path).Length;
            File.Delete(path);
        }

        // Not flushed: a deletion that a power loss undoes is only repeated.
        RemoveEmptySlot(slot);
        return new Reclaimed(ReclaimOutcome.Deleted, bytes);
    }

    private static ReclaimOutcome? WhyItStays(string path, long now)
    {
        try
        {
            return ImmutableShareFile.LastExpiration(path) switch
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
}
