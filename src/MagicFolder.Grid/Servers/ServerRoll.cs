namespace MagicFolder.Grid.Servers;

/// <summary>
/// The servers that one operation can ask, in the order of the permutation for its object, and those that have failed it. Troubles may be added concurrently.
/// </summary>
internal sealed class ServerRoll(IReadOnlyList<NamedServer> servers, List<ServerTrouble> troubles, int all)
{
    private readonly Lock _lock = new();

    public IReadOnlyList<NamedServer> Servers { get; } = servers;

    /// <summary>How many servers the grid has.</summary>
    public int All { get; } = all;

    public IReadOnlyList<ServerTrouble> Troubles
    {
        get
        {
            lock (_lock)
            {
                return [.. troubles];
            }
        }
    }

    /// <summary>At most one for each server is kept.</summary>
    public void Add(NamedServer server, GridException error)
    {
        lock (_lock)
        {
            if (!troubles.Exists(trouble => trouble.Server == server.Name))
            {
                troubles.Add(new ServerTrouble(server.Name, error));
            }
        }
    }

    public bool Failed(NamedServer server)
    {
        lock (_lock)
        {
            return troubles.Exists(trouble => trouble.Server == server.Name);
        }
    }

    /// <summary>What to throw when the servers that are left are too few. With one server in all: what is wrong with it.</summary>
    public GridException TooFew(string message)
    {
        var failed = Troubles;
        return All == 1 && failed.Count == 1
            ? failed[0].Error
            : new GridException(
                ServerTrouble.Common(failed), message + ServerTrouble.Sentence(failed) + " Bring them back, or take them out of the grid file.",
                failed.Count == 0 ? null : failed[0].Error);
    }
}
