using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

/// <summary>
/// The grid as Tahoe-LAFS has it: caps become shares on storage servers. For now with one server and 1-of-1 encoding, which is the embedded grid; servers are
/// already asked in the order of the permutation, and shares go by number.
/// </summary>
public sealed partial class TahoeGrid : IGrid
{
    private readonly IReadOnlyList<IShareServer> _servers;
    private readonly byte[] _leaseSecret;
    private readonly IRandomSource _random;
    private readonly ChkParameters _encoding;

    /// <param name="servers">Exactly one, so far.</param>
    /// <param name="leaseSecret">32 secret bytes of this client, from which its lease secrets follow.</param>
    /// <param name="random">For the IVs of mutable versions.</param>
    /// <param name="encoding">Of immutable files; <see cref="ChkParameters.Pack"/> by default.</param>
    public TahoeGrid(IReadOnlyList<IShareServer> servers, ReadOnlySpan<byte> leaseSecret, IRandomSource random, ChkParameters? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentOutOfRangeException.ThrowIfNotEqual(servers.Count, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(leaseSecret.Length, 32);
        ArgumentNullException.ThrowIfNull(random);
        _servers = [.. servers];
        _leaseSecret = leaseSecret.ToArray();
        _random = random;
        _encoding = encoding ?? ChkParameters.Pack;
        if (_encoding.N != 1)
        {
            throw new ArgumentException("One server holds one share: the encoding must be 1-of-1.", nameof(encoding));
        }
    }

    public async Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel)
    {
        var leased = false;
        foreach (var server in ServerPermutation.Order(_servers, index))
        {
            leased |= await server.AddOrRenewLeaseAsync(index, LeaseFor(server, index), cancel);
        }

        return leased;
    }

    /// <summary>
    /// Opens every share of an object that a server has, in the order of the permutation. The caller disposes of them. One that is damaged is left out as long as there is
    /// another.
    /// </summary>
    private async Task<List<(int Number, IShareHandle Share)>> OpenSharesAsync(StorageIndex index, CancellationToken cancel)
    {
        var opened = new List<(int, IShareHandle)>();
        GridException? damaged = null;
        try
        {
            foreach (var server in ServerPermutation.Order(_servers, index))
            {
                foreach (var number in await server.ListSharesAsync(index, cancel))
                {
                    try
                    {
                        opened.Add((number, await server.OpenShareAsync(index, number, cancel)));
                    }
                    catch (GridException e) when (e.Failure == GridFailure.NotFound)
                    {
                        // Deleted since it was listed.
                    }
                    catch (GridException e) when (e.Failure == GridFailure.Damaged)
                    {
                        damaged = e;
                    }
                }
            }

            return opened.Count == 0 && damaged is not null ? throw damaged : opened;
        }
        catch
        {
            await DisposeAsync(opened);
            throw;
        }
    }

    private static async ValueTask DisposeAsync(List<(int Number, IShareHandle Share)> opened)
    {
        foreach (var (_, share) in opened)
        {
            await share.DisposeAsync();
        }
    }

    private LeaseSecrets LeaseFor(IShareServer server, StorageIndex index) => LeaseSecrets.Derive(_leaseSecret, index, server.Identity.NodeId);

    private static GridException NotFound(StorageIndex index) => new(GridFailure.NotFound, $"The object {index} is not on the grid.");
}
