using MagicFolder.Grid.Placement;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid;

/// <summary>
/// One version on its way to all servers (specification of mutable files, section 10): every share stays where its number is, damaged ones are written over, and numbers without a place go
/// to servers as those of immutable files do; so a server without any gets one. One request for each server, which tests and writes its shares or none.
/// </summary>
internal sealed class MutableWriting
{
    private readonly MutableWriteCap _cap;
    private readonly VersionToWrite _publication;
    private readonly MutableSurvey _survey;
    private readonly ShownShares? _tests;
    private readonly IReadOnlyList<NamedServer> _servers;
    private readonly SortedSet<int>[] _places;
    private readonly ServerHoldings[] _reached;
    private readonly ShownShares _shown = new();

    /// <param name="cap">The object.</param>
    /// <param name="publication">The version.</param>
    /// <param name="survey">What is there.</param>
    /// <param name="tests">What must be there; at other servers, what the survey says.</param>
    public MutableWriting(MutableWriteCap cap, VersionToWrite publication, MutableSurvey survey, ShownShares? tests)
    {
        (_cap, _publication, _survey, _tests) = (cap, publication, survey, tests);
        _servers = [.. Answering(survey)];
        _places = [.. _servers.Select(server => PlacesAt(survey, server, publication.N))];
        _reached = [.. _servers.Select(_ => new ServerHoldings())];
        GiveHomes();
    }

    /// <summary>Whether shares would be written where there are none yet.</summary>
    public static bool NeedsHomes(MutableSurvey survey, int n)
    {
        ServerHoldings[] held = [.. Answering(survey).Select(server => Holding(PlacesAt(survey, server, n)))];
        return SharePlacement.Plan(held, n).Where((server, number) => server >= 0 && !held[server].Held.Contains(number)).Any();
    }

    /// <summary>What servers will hold if all goes well.</summary>
    public IReadOnlyList<ServerHoldings> Expected => [.. _places.Select(Holding)];

    /// <summary>What servers hold for sure.</summary>
    public IReadOnlyList<ServerHoldings> Reached => _reached;

    /// <summary>What the servers that refused had in the places of shares: the test for another attempt.</summary>
    public ShownShares Shown => _shown;

    /// <summary>False if a server has refused, because something else is there than was expected. When it is the first one, nothing was written.</summary>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var next = 0;
        var isDecided = false;
        while (next < _servers.Count && !isDecided)
        {
            var answer = _places[next].Count == 0 ? null : await TryWriteAsync(next, cancel);
            next++;
            if (answer == false)
            {
                return false;
            }

            isDecided = answer == true;
        }

        var answers = await Task.WhenAll(Enumerable.Range(next, _servers.Count - next).Select(server => TryWriteAsync(server, cancel)));
        return !answers.Contains(false);
    }

    /// <summary>Null if the server fails.</summary>
    private async Task<bool?> TryWriteAsync(int at, CancellationToken cancel)
    {
        var server = _servers[at];
        var index = _cap.StorageIndex;
        var writes = new List<ShareWrite>();
        foreach (var number in _places[at])
        {
            if (Seen(server, number) is { } seen && _survey.IsOf(seen, _publication.Checkstring.Span))
            {
                _reached[at].Held.Add(number);
                continue;
            }

            writes.Add(new ShareWrite(number, [TestFor(server, number)], _publication.Shares[number], _publication.ShareLength));
        }

        if (writes.Count == 0)
        {
            return true;
        }

        try
        {
            var answer = await server.Server.ReadTestWriteAsync(
                index, WriteEnabler.Derive(_cap.WriteKey, server.Server.Identity.NodeId), server.LeaseFor(index),
                new ReadTestWriteRequest(writes, [new ReadVector(0, SeenShare.TestedLength)]), cancel);
            if (answer.Success)
            {
                _reached[at].Held.UnionWith(writes.Select(write => write.Number));
            }
            else
            {
                _shown.Add(server, answer);
            }

            return answer.Success;
        }
        catch (GridException e)
        {
            _survey.Roll.Add(server, e);
            return null;
        }
    }

    private static IEnumerable<NamedServer> Answering(MutableSurvey survey) => survey.Roll.Servers.Where(server => !survey.Roll.Failed(server));

    private static SortedSet<int> PlacesAt(MutableSurvey survey, NamedServer server, int n) =>
        [.. survey.Shares.Where(share => ReferenceEquals(share.Server, server)).Select(share => share.Number)
            .Concat(survey.Unreadable.Where(place => ReferenceEquals(place.Server, server)).Select(place => place.Number))
            .Where(number => number >= 0 && number < n)];

    /// <summary>For numbers without a place, and for servers without a share of their own.</summary>
    private void GiveHomes()
    {
        var plan = SharePlacement.Plan(Expected, _publication.N);
        for (var number = 0; number < plan.Length; number++)
        {
            if (plan[number] >= 0)
            {
                _places[plan[number]].Add(number);
            }
        }
    }

    private SeenShare? Seen(NamedServer server, int number) =>
        _survey.Shares.FirstOrDefault(share => ReferenceEquals(share.Server, server) && share.Number == number);

    private TestVector TestFor(NamedServer server, int number)
    {
        if (_tests?.TryGet(server, number, out var shown) != true)
        {
            shown = Seen(server, number) is { } seen ? seen.Tested : default;
        }

        return shown.IsEmpty ? TestVector.MustNotExist : TestVector.BeginsWith(shown);
    }

    private static ServerHoldings Holding(SortedSet<int> numbers)
    {
        var holdings = new ServerHoldings();
        holdings.Held.UnionWith(numbers);
        return holdings;
    }
}
