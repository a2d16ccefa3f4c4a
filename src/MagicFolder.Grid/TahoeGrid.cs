using System.Buffers;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

/// <summary>
/// The grid as Tahoe-LAFS has it: caps become shares on storage servers, which are asked in the order of the permutation. Servers that fail are done without as long as
/// enough are left (docs/decisions/0013-placement-leases-repair.md).
/// </summary>
public sealed partial class TahoeGrid : IGrid, IGridCare
{
    private readonly IReadOnlyList<GridMember> _members;
    private readonly GridEncoding _spread;
    private readonly byte[] _leaseSecret;
    private readonly IRandomSource _random;
    private readonly TimeProvider? _time;
    private readonly ChkParameters _encoding;
    // Of their own: uploads go on on any thread, and the shared pool would keep one for each.
    private readonly ArrayPool<byte> _buffers = ArrayPool<byte>.Create(4 * 1024 * 1024, 4);

    /// <summary>The embedded grid: one server with one share of everything.</summary>
    /// <param name="servers">Exactly one.</param>
    /// <param name="leaseSecret">32 secret bytes of this client, from which its lease secrets follow.</param>
    /// <param name="random">For the IVs of mutable versions.</param>
    /// <param name="encoding">Of immutable files, 1-of-1; <see cref="ChkParameters.Pack"/> by default.</param>
    public TahoeGrid(IReadOnlyList<IShareServer> servers, ReadOnlySpan<byte> leaseSecret, IRandomSource random, ChkParameters? encoding = null)
        : this([.. Named(servers)], GridEncoding.Single, leaseSecret, random, null, encoding)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(servers.Count, 1);
    }

    /// <summary>A grid of any number of servers.</summary>
    /// <param name="members">The servers, reachable or not.</param>
    /// <param name="spread">How many shares of an object there are.</param>
    /// <param name="leaseSecret">32 secret bytes of this client, from which its lease secrets follow.</param>
    /// <param name="random">For the IVs of mutable versions.</param>
    /// <param name="time">For waiting until another writer of a mutable object is done. May be null with a single server, where nobody waits.</param>
    /// <param name="encoding">Of immutable files, with the k and n of <paramref name="spread"/>; as in packs by default.</param>
    public TahoeGrid(
        IReadOnlyList<GridMember> members, GridEncoding spread, ReadOnlySpan<byte> leaseSecret, IRandomSource random, TimeProvider? time, ChkParameters? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(spread);
        ArgumentOutOfRangeException.ThrowIfZero(members.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(members.Count, spread.Happy);
        ArgumentOutOfRangeException.ThrowIfNotEqual(leaseSecret.Length, 32);
        ArgumentNullException.ThrowIfNull(random);
        _members = [.. members];
        _spread = spread;
        _leaseSecret = leaseSecret.ToArray();
        _random = random;
        _time = time;
        _encoding = encoding ?? (spread.N == 1
            ? ChkParameters.Pack
            : new ChkParameters(spread.K, spread.N, ChkParameters.Pack.MaxSegmentSize) { IncludeCiphertextHash = ChkParameters.Pack.IncludeCiphertextHash });
        if (_encoding.K != spread.K || _encoding.N != spread.N)
        {
            throw new ArgumentException($"The encoding of immutable files must be {spread.K}-of-{spread.N} like that of the grid.", nameof(encoding));
        }
    }

    /// <summary>One share on one server: then nothing is to be placed, and no other server can make up for a failing one.</summary>
    private bool IsSingle => _members.Count == 1 && _spread.N == 1;

    /// <inheritdoc/>
    /// <remarks>
    /// With several servers: true if what can be read now is enough (k shares) and nothing is known to be missing: the servers that have shares of their own and those that cannot be asked
    /// now together make the grid happy. So a server that is away for a while is no reason to put everything again.
    /// </remarks>
    public async Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel)
    {
        if (IsSingle)
        {
            var only = await OnlyServerAsync(index, cancel);
            return await only.Server.AddOrRenewLeaseAsync(index, only.LeaseFor(index), cancel);
        }

        var roll = await CallAsync(index, cancel);
        var holdings = new Placement.ServerHoldings[roll.Servers.Count];
        var unasked = new bool[roll.Servers.Count];
        GridException? damaged = null;
        await Task.WhenAll(Enumerable.Range(0, holdings.Length).Select(RenewAsync));

        var away = roll.All - roll.Servers.Count + unasked.Count(isUnasked => isUnasked);
        var found = Placement.SharePlacement.Happiness(holdings, GridEncoding.HighestN);
        var distinct = holdings.SelectMany(server => server.Held).Distinct().Count();
        if (distinct >= _spread.K && found + away >= _spread.Happy)
        {
            return true;
        }

        if (distinct >= _spread.K || roll.All - away >= _spread.Happy)
        {
            // Putting it again can help.
            return damaged is null || distinct >= _spread.K ? false : throw damaged;
        }

        throw roll.TooFew($"The leases of {index} cannot be renewed: {roll.All - away} of {roll.All} servers answer, and {_spread.Happy} are needed (happy).");

        async Task RenewAsync(int i)
        {
            var named = roll.Servers[i];
            holdings[i] = new Placement.ServerHoldings();
            try
            {
                if (await named.Server.AddOrRenewLeaseAsync(index, named.LeaseFor(index), cancel))
                {
                    holdings[i].Held.UnionWith(await named.Server.ListSharesAsync(index, cancel));
                }
            }
            catch (GridException e) when (e.Failure == GridFailure.Damaged)
            {
                damaged = e;
            }
            catch (GridException e)
            {
                roll.Add(named, e);
                unasked[i] = true;
            }
        }
    }

    private static IEnumerable<GridMember> Named(IReadOnlyList<IShareServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        return servers.Select(server => new GridMember(server.ToString() ?? "the server", server));
    }

    /// <summary>The servers that can be asked for an object now, in the order of the permutation.</summary>
    private async ValueTask<ServerRoll> CallAsync(StorageIndex index, CancellationToken cancel)
    {
        var servers = new List<NamedServer>(_members.Count);
        var troubles = new List<ServerTrouble>();
        foreach (var member in _members)
        {
            try
            {
                servers.Add(new NamedServer(member.Name, await member.OpenAsync(cancel), _leaseSecret));
            }
            catch (GridException e)
            {
                troubles.Add(new ServerTrouble(member.Name, e));
            }
        }

        return new ServerRoll(ServerPermutation.Order(servers, index), troubles, _members.Count);
    }

    /// <summary>
    /// Opens every share of an object that the servers have, in the order of the permutation. The caller disposes of the result. What is damaged or fails is left out as long as there is
    /// anything.
    /// </summary>
    private async Task<OpenedShares> OpenSharesAsync(StorageIndex index, CancellationToken cancel)
    {
        var opened = new OpenedShares(index, await CallAsync(index, cancel), _spread.Happy);
        try
        {
            await opened.AddAllAsync(cancel);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }
}
