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

    /// <summary>Opens all that the servers have, which are asked at the same time; what they fail in is remembered. Both in the order of the roll, whoever answers first.</summary>
    public async Task AddAllAsync(CancellationToken cancel)
    {
        ServerShares[] found = [.. Roll.Servers.Select(server => new ServerShares(server))];
        try
        {
            // A directory answers at once, however slow its disk is: several need threads of their own.
            await (found.Length == 1 ? found[0].OpenAsync(index, cancel) : Task.WhenAll(found.Select(shares => Task.Run(() => shares.OpenAsync(index, cancel), cancel))));
        }
        finally
        {
            // Whatever ended this, all servers are done by now, and what they have opened is to be closed.
            foreach (var shares in found)
            {
                Add(shares);
            }
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

    private void Add(ServerShares found)
    {
        _shares.AddRange(found.Shares);
        _damaged.AddRange(found.Damaged);
        if (found.Trouble is { } trouble)
        {
            Roll.Add(found.Server, trouble);
        }
    }
}

/// <summary>A share that can be read, and where it is.</summary>
internal readonly record struct OpenedShare(NamedServer Server, int Number, IShareHandle Handle);

/// <summary>What stands in the place of a share and cannot be opened; the number is -1 when it is that of all.</summary>
internal readonly record struct DamagedPlace(NamedServer Server, int Number, GridException Error);
