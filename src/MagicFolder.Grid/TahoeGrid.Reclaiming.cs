using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid : IGridReclaimer
{
    public async Task RequireEveryServerAsync(CancellationToken cancel)
    {
        foreach (var member in _members)
        {
            if (Collectible(await member.OpenAsync(cancel)) is null)
            {
                throw new GridException(GridFailure.Denied, $"{member.Name} frees storage by itself when leases run out; nothing can be freed there.");
            }
        }
    }

    public async Task<Reclaimed> ReclaimAsync(StorageIndex index, bool pretend, CancellationToken cancel)
    {
        var servers = await EveryServerAsync(index, cancel);
        var looked = new List<Reclaimed>();
        foreach (var server in servers)
        {
            looked.Add(await SharesOf(server).LookUnleasedAsync(index, server.LeaseFor(index), cancel));
        }

        // One share that somebody needs, or that cannot be understood, keeps those on all servers.
        foreach (var reason in (ReclaimOutcome[])[ReclaimOutcome.Mutable, ReclaimOutcome.Damaged, ReclaimOutcome.Leased])
        {
            if (looked.Exists(one => one.Outcome == reason))
            {
                return await StayAsync(servers, index, reason, pretend, cancel);
            }
        }

        if (pretend)
        {
            return Sum(looked);
        }

        var deleted = new List<Reclaimed>();
        foreach (var server in servers)
        {
            var one = await SharesOf(server).DeleteUnleasedAsync(index, server.LeaseFor(index), cancel);
            deleted.Add(one);
            if (one.Outcome is not (ReclaimOutcome.Deleted or ReclaimOutcome.NotFound))
            {
                // Somebody has just taken a lease: he counts the shares on which he has got one, and these stay.
                return await StayAsync(servers, index, one.Outcome, pretend, cancel) with { Bytes = Sum(deleted).Bytes };
            }
        }

        return Sum(deleted);
    }

    public async Task EndLeaseAsync(StorageIndex index, CancellationToken cancel)
    {
        await EndLeaseAsync(await EveryServerAsync(index, cancel), index, cancel);
    }

    /// <summary>In the order of the permutation, all of them.</summary>
    private async Task<IReadOnlyList<NamedServer>> EveryServerAsync(StorageIndex index, CancellationToken cancel)
    {
        await RequireEveryServerAsync(cancel);
        var servers = (await CallAsync(index, cancel)).Servers;
        return servers.Count == _members.Count
            ? servers
            : throw new GridException(GridFailure.Unavailable, $"{index} cannot be freed: a server went away just now. Try again when it is back.");
    }

    private static async Task<Reclaimed> StayAsync(IReadOnlyList<NamedServer> servers, StorageIndex index, ReclaimOutcome reason, bool pretend, CancellationToken cancel)
    {
        if (reason == ReclaimOutcome.Leased && !pretend)
        {
            await EndLeaseAsync(servers, index, cancel);
        }

        return new Reclaimed(reason, 0);
    }

    private static async Task EndLeaseAsync(IReadOnlyList<NamedServer> servers, StorageIndex index, CancellationToken cancel)
    {
        foreach (var server in servers)
        {
            await SharesOf(server).EndLeaseAsync(index, server.LeaseFor(index), cancel);
        }
    }

    private static Reclaimed Sum(List<Reclaimed> servers) => new(
        servers.Exists(one => one.Outcome == ReclaimOutcome.Deleted) ? ReclaimOutcome.Deleted : ReclaimOutcome.NotFound, servers.Sum(one => one.Bytes));

    private static ICollectibleShares SharesOf(NamedServer server) => Collectible(server.Server)!;

    private static ICollectibleShares? Collectible(IShareServer server) => server as ICollectibleShares ?? (server as LimitedShareServer)?.Collectible;
}
