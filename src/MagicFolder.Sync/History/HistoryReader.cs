using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Sync.Blobs;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Repacking;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.History;

/// <summary>Reads the history of a folder from the grid. Changes nothing, neither there nor in the state. One call at a time.</summary>
public sealed class HistoryReader : IAsyncDisposable
{
    /// <summary>Further back than this only the retained snapshots are read; each costs a read from the grid.</summary>
    private const int MaxChain = 1024;

    private readonly FolderView _view;
    private readonly IGrid _grid;
    private readonly Roster _roster;
    private readonly BlobReader _blobs;
    private readonly SnapshotFetcher _fetcher;
    private readonly PathReader _paths;

    /// <summary>Of the list of participants.</summary>
    private Problem? _trouble;

    private HistoryReader(FolderView view, IGrid grid, Roster roster)
    {
        _view = view;
        _grid = grid;
        _roster = roster;
        Catalog = new ReadingCatalog(view.State);
        _blobs = new BlobReader(grid, Catalog);
        _fetcher = new SnapshotFetcher(_blobs, Catalog);
        Contents = new ContentReader(_blobs, Catalog);
        Petnames = Petnames.From(view.State, roster);
        _paths = new PathReader(_fetcher, view.State.Nodes, Petnames);
    }

    public Petnames Petnames { get; }

    internal ContentReader Contents { get; }

    internal ReadingCatalog Catalog { get; }

    /// <exception cref="GridException">The storage cannot be read.</exception>
    /// <exception cref="DamagedBytesException">The list of participants is damaged, and no former one is known.</exception>
    public static async Task<HistoryReader> OpenAsync(FolderView view, IGrid grid, CancellationToken cancel)
    {
        var (roster, trouble) = await RosterInForce.ReadAsync(grid, view.Folder.Collective.ReadCap, view.Folder.Folder, view.State.Collective.Read(), cancel);
        return new HistoryReader(view, grid, roster) { _trouble = trouble };
    }

    /// <summary>What all participants published and can still be had, those removed included.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    public async Task<SnapshotLog> ReadLogAsync(CancellationToken cancel)
    {
        var histories = new List<IReadOnlyList<LoggedSnapshot>>();
        List<Problem> problems = _trouble is null ? [] : [_trouble];
        foreach (var member in _roster.Members)
        {
            try
            {
                histories.Add(await ReadHistoryAsync(member, cancel));
            }
            catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
            {
                problems.Add(new Problem(member.Petname, $"its history cannot be read: {e.Message.TrimEnd('.')}", "check the storage"));
            }
        }
        return new SnapshotLog(SnapshotLog.Merge(histories), [.. problems]);
    }

    /// <summary>The versions that a path had, newest first; empty when it never was in any snapshot of the log.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    public Task<IReadOnlyList<PathVersion>> ReadPathAsync(SnapshotLog log, RelativePath path, CancellationToken cancel) => _paths.ReadAsync(log, path, cancel);

    /// <summary>The versions of a path in a published tree.</summary>
    internal ValueTask<Entry?> FindAsync(BlobId root, RelativePath path, CancellationToken cancel) => _paths.FindAsync(root, path, cancel);

    /// <summary>How much was in a published tree; null when it is not there any more.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    public async ValueTask<DmtSummary?> TrySummarizeAsync(LoggedSnapshot snapshot, CancellationToken cancel)
    {
        try
        {
            return await _paths.SummarizeAsync(snapshot.Snapshot.Root, cancel);
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
        {
            return null;
        }
    }

    /// <summary>A published tree with all its nodes; only those that differ from the current tree are read from the grid.</summary>
    internal async Task<Dmt> OpenTreeAsync(LoggedSnapshot snapshot, CancellationToken cancel)
    {
        var nodes = new FormerNodes(_view.State.Nodes);
        await _fetcher.FetchTreeAsync(snapshot.Snapshot.Root, nodes, cancel);
        return Dmt.Open(nodes, snapshot.Snapshot.Root);
    }

    public ValueTask DisposeAsync() => _blobs.DisposeAsync();

    private async Task<IReadOnlyList<LoggedSnapshot>> ReadHistoryAsync(Member member, CancellationToken cancel)
    {
        var found = await _grid.ReadMutableAsync(member.Personal, cancel);
        if (found.Content.IsEmpty) return [];
        var head = Head.Decode(found.Content);
        if (head.Folder != _view.Folder.Folder) throw new DamagedBytesException(DamageReason.Malformed, $"The head of {member.Petname} belongs to another folder.");
        _roster.Verify(_view.Folder.Folder, head.ToObservation());

        // Where its own lies the state knows.
        if (member.Petname != _view.Participant.Name && MovedPlaces.AreIn(head, member.Key, _view.State)) await MovedPlaces.LearnAsync(head, _blobs, Catalog, new Reach(_grid, _view.Folder.Collective.ReadCap), cancel);
        var places = head.Retained.ToDictionary(kept => kept.Id, kept => kept.Location);
        places[head.Snapshot] = head.Location;
        var history = new List<LoggedSnapshot>();
        var seen = new HashSet<BlobId>();
        for (BlobId? next = head.Snapshot; next is { } id && history.Count < MaxChain && seen.Add(id);)
        {
            if (await TryReadAsync(member, id, places, cancel) is not { } snapshot) break;
            history.Add(snapshot);
            next = snapshot.Snapshot.Parent;
        }
        foreach (var kept in head.Retained)
            if (seen.Add(kept.Id) && await TryReadAsync(member, kept.Id, places, cancel) is { } snapshot) history.Add(snapshot);
        return history;
    }

    /// <summary>Null when it is not there any more: what is older than the retention goes.</summary>
    private async ValueTask<LoggedSnapshot?> TryReadAsync(Member member, BlobId id, Dictionary<BlobId, BlobLocation> places, CancellationToken cancel)
    {
        try
        {
            var snapshot = await _fetcher.FetchSnapshotAsync(id, places.TryGetValue(id, out var place) ? place : null, cancel);
            return snapshot.Folder == _view.Folder.Folder ? new LoggedSnapshot(id, member.Petname, snapshot) : null;
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
        {
            return null;
        }
    }
}
