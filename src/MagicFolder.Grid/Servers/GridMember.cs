namespace MagicFolder.Grid.Servers;

/// <summary>
/// A server that belongs to a grid, whether it can be reached or not, under the name that messages give it. One that could not be opened is tried again whenever it is needed, so that a
/// drive may be connected later, and so is one in whose place another one stands. Safe for concurrent use.
/// </summary>
public sealed class GridMember
{
    private readonly Func<CancellationToken, Task<IShareServer>>? _open;
    private volatile IShareServer? _server;

    /// <summary>An open server, which is never opened anew.</summary>
    public GridMember(string name, IShareServer server)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(server);
        (Name, _server) = (name, server);
    }

    /// <summary>One to be opened when it is needed.</summary>
    /// <param name="name">As messages call it.</param>
    /// <param name="open">Fails with a <see cref="GridException"/>. It may be called several times at once; one of the results is kept.</param>
    /// <param name="server">What it gave already; null if it is not open yet.</param>
    public GridMember(string name, Func<CancellationToken, Task<IShareServer>> open, IShareServer? server = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(open);
        (Name, _open, _server) = (name, open, server);
    }

    public string Name { get; }

    /// <summary>The server.</summary>
    /// <exception cref="GridException">It cannot be opened.</exception>
    public ValueTask<IShareServer> OpenAsync(CancellationToken cancel) => _server is { } server && (_open is null || server.IsCurrent) ? new(server) : new(OpenNowAsync(cancel));

    /// <summary>The same one, behind something that is put around its server.</summary>
    public GridMember Behind(Func<IShareServer, IShareServer> around)
    {
        ArgumentNullException.ThrowIfNull(around);
        return new GridMember(Name, async cancel => around(await OpenAsync(cancel)));
    }

    public override string ToString() => Name;

    private async Task<IShareServer> OpenNowAsync(CancellationToken cancel) => _server = await _open!(cancel);
}
