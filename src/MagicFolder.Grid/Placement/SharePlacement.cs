namespace MagicFolder.Grid.Placement;

/// <summary>
/// Which server gets which share (specification of the storage server, section 6). Servers are numbered in the order of the permutation, shares from 0. Pure.
/// </summary>
/// <remarks>
/// Happiness is the size of a maximum matching between servers and shares: how many servers could be asked for a share of their own, all different. It is found with
/// augmenting paths (Berge 1957).
/// </remarks>
internal sealed class SharePlacement
{
    private const int None = -1;

    private readonly ServerHoldings[] _servers;
    private readonly int[] _shareOf;
    private readonly int[] _serverOf;

    private SharePlacement(ServerHoldings[] servers, int n)
    {
        _servers = servers;
        _shareOf = new int[servers.Length];
        _serverOf = new int[n];
        Array.Fill(_shareOf, None);
        Array.Fill(_serverOf, None);
    }

    /// <summary>How many servers hold shares, all different, now.</summary>
    public static int Happiness(IReadOnlyList<ServerHoldings> servers, int n)
    {
        var placement = new SharePlacement([.. servers], n);
        placement.MatchHeld(_ => true);
        return placement._shareOf.Count(share => share != None);
    }

    /// <summary>The server of each share, or -1 for one that no server takes. Those that hold the share already need not be sent it.</summary>
    /// <remarks>
    /// First what servers hold stays with them, servers that take nothing new first. Then each server without a share gets one, in order; where none is left that it may have, others give up theirs for
    /// another one. What is left is held somewhere or spread evenly.
    /// </remarks>
    public static int[] Plan(IReadOnlyList<ServerHoldings> servers, int n)
    {
        var placement = new SharePlacement([.. servers], n);
        placement.MatchHeld(server => !server.TakesShares);
        placement.MatchHeld(server => server.TakesShares);
        placement.MatchNew();
        return placement.SpreadRest();
    }

    private void MatchHeld(Func<ServerHoldings, bool> isMeant)
    {
        for (var server = 0; server < _servers.Length; server++)
        {
            if (_shareOf[server] == None && isMeant(_servers[server]))
            {
                Augment(server, (at, share) => _servers[at].Held.Contains(share), new bool[_serverOf.Length]);
            }
        }
    }

    private void MatchNew()
    {
        for (var server = 0; server < _servers.Length; server++)
        {
            for (var share = 0; _shareOf[server] == None && share < _serverOf.Length; share++)
            {
                if (_serverOf[share] == None && _servers[server].TakesShares && _servers[server].MayHave(share))
                {
                    (_shareOf[server], _serverOf[share]) = (share, server);
                }
            }
        }

        for (var server = 0; server < _servers.Length; server++)
        {
            if (_shareOf[server] == None && _servers[server].TakesShares)
            {
                Augment(server, (at, share) => _servers[at].MayHave(share), new bool[_serverOf.Length]);
            }
        }
    }

    /// <summary>Finds a share for a server, if need be by giving others another one. Never takes away the last share of a server.</summary>
    private bool Augment(int server, Func<int, int, bool> isAllowed, bool[] isSeen)
    {
        for (var share = 0; share < _serverOf.Length; share++)
        {
            if (isSeen[share] || !isAllowed(server, share))
            {
                continue;
            }

            isSeen[share] = true;
            if (_serverOf[share] == None || Augment(_serverOf[share], isAllowed, isSeen))
            {
                (_shareOf[server], _serverOf[share]) = (share, server);
                return true;
            }
        }

        return false;
    }

    private int[] SpreadRest()
    {
        var counts = new int[_servers.Length];
        foreach (var server in _serverOf)
        {
            if (server != None)
            {
                counts[server]++;
            }
        }

        for (var share = 0; share < _serverOf.Length; share++)
        {
            if (_serverOf[share] != None)
            {
                continue;
            }

            var best = Array.FindIndex(_servers, server => server.Held.Contains(share));
            if (best == None)
            {
                best = Enumerable.Range(0, _servers.Length).Where(server => _servers[server].MayHave(share)).OrderBy(server => counts[server]).FirstOrDefault(None);
            }

            if (best != None)
            {
                _serverOf[share] = best;
                counts[best]++;
            }
        }

        return _serverOf;
    }
}
