using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Servers;

/// <summary>The shares of one object that could be opened, and what kept others from it. Disposing closes them.</summary>
/// <param name="index">The object.</param>
/// <param name="roll">Who was asked.</param>
/// <param name="happy">On how many servers there are shares of whatever was put.</param>
internal sealed class OpenedShares(StorageIndex index, ServerRoll roll, int happy) : IAsyncDisposable
{
    private readonly List<OpenedShare> _shares = [];
    private readonly List<DamagedPlace> _damaged = [];

    public ServerRoll Roll { get; } = roll;

    public IReadOnlyList<OpenedShare> Shares => _shares;

    /// <summary>Where something stands that nobody can open.</summary>
    public IReadOnlyList<DamagedPlace> Damaged => _damaged;

    /// <summary>Opens all that one server has; what it fails in is remembered.</summary>
    public async Task AddAllAsync(NamedServer server, CancellationToken cancel)
    {
        try
        {
            foreach (var number in await server.Server.ListSharesAsync(index, cancel))
            {
                try
                {
                    _shares.Add(new OpenedShare(server, number, await server.Server.OpenShareAsync(index, number, cancel)));
                }
                catch (GridException e) when (e.Failure == GridFailure.NotFound)
                {
                    // Deleted since it was listed.
                }
                catch (GridException e) when (e.Failure == GridFailure.Damaged)
                {
                    _damaged.Add(new DamagedPlace(server, number, e));
                }
                catch (GridException e)
                {
                    // Its other shares may still be had.
                    Roll.Add(server, e);
                }
            }
        }
        catch (GridException e) when (e.Failure == GridFailure.Damaged)
        {
            _damaged.Add(new DamagedPlace(server, -1, e));
        }
        catch (GridException e)
        {
            Roll.Add(server, e);
        }
    }

    /// <summary>Why there is nothing to read.</summary>
    /// <remarks>Whatever was put lies on enough servers that some answer as long as fewer than these fail. If none of them has anything, it is not on the grid.</remarks>
    public GridException Nothing()
    {
        var failing = Roll.Troubles;
        return failing.Count > 0 && failing.Count >= happy ? Roll.TooFew($"The object {index} cannot be read.")
            : _damaged.Count > 0 ? _damaged[^1].Error
            : new GridException(GridFailure.NotFound, $"The object {index} is not on the grid.{ServerTrouble.Sentence(failing)}");
    }

    /// <summary>Why what is there is not enough. When servers fail, it may be with them that the rest is.</summary>
    public GridException TooLittle(DamagedShareException damage)
    {
        var described = GridDamage.Describe(damage, index);
        return damage.Reason != ShareDamage.TooFewShares || Roll.Troubles.Count == 0
            ? described
            : Roll.TooFew(described.Message);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var share in _shares)
        {
            await share.Handle.DisposeAsync();
        }
    }
}

/// <summary>A share that can be read, and where it is.</summary>
internal readonly record struct OpenedShare(NamedServer Server, int Number, IShareHandle Handle);

/// <summary>What stands in the place of a share and cannot be opened; the number is -1 when it is that of all.</summary>
internal readonly record struct DamagedPlace(NamedServer Server, int Number, GridException Error);
