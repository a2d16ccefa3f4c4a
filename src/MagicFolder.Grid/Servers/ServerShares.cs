using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Servers;

/// <summary>The shares of one object that one server has. Whoever takes the handles closes them, also when opening has failed in the midst.</summary>
internal sealed class ServerShares(NamedServer server)
{
    private readonly List<OpenedShare> _shares = [];
    private readonly List<DamagedPlace> _damaged = [];

    public NamedServer Server => server;

    public IReadOnlyList<OpenedShare> Shares => _shares;

    /// <summary>Where something stands that nobody can open.</summary>
    public IReadOnlyList<DamagedPlace> Damaged => _damaged;

    /// <summary>The first thing that the server failed in; null if nothing.</summary>
    public GridException? Trouble { get; private set; }

    /// <summary>Opens all. What fails is remembered.</summary>
    public async Task OpenAsync(StorageIndex index, CancellationToken cancel)
    {
        try
        {
            foreach (var number in await server.Server.ListSharesAsync(index, cancel))
            {
                await OpenAsync(index, number, cancel);
            }
        }
        catch (GridException e) when (e.Failure == GridFailure.Damaged)
        {
            _damaged.Add(new DamagedPlace(server, -1, e));
        }
        catch (GridException e)
        {
            Trouble ??= e;
        }
    }

    private async Task OpenAsync(StorageIndex index, int number, CancellationToken cancel)
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
            Trouble ??= e;
        }
    }
}
