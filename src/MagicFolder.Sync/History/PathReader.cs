using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.History;

/// <summary>Looks up single paths in published trees, bringing only the nodes on the way. One call at a time.</summary>
internal sealed class PathReader(SnapshotFetcher fetcher, INodeStore current, Petnames petnames)
{
    private readonly OldNodes _nodes = new(current);

    /// <summary>The versions that a path had, newest first; empty when it never was in any snapshot of the log.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal async Task<IReadOnlyList<PathVersion>> ReadAsync(SnapshotLog log, RelativePath path, CancellationToken cancel)
    {
        var entries = new Dictionary<BlobId, Entry?>();
        var states = new List<PathState>();
        foreach (var snapshot in log.Snapshots)
        {
            var root = snapshot.Snapshot.Root;
            try
            {
                if (!entries.TryGetValue(root, out var entry)) entries.Add(root, entry = await FindAsync(root, path, cancel));
                states.Add(new PathState(snapshot, entry));
            }
            catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
            {
                // A tree that is not there any more tells nothing; the others still do.
            }
        }
        var makers = log.Snapshots.GroupBy(snapshot => snapshot.Snapshot.Actor).ToDictionary(group => group.Key, group => group.First().Participant);
        return PathHistory.Of(states, actor => makers.GetValueOrDefault(actor) ?? petnames.Of(actor));
    }

    /// <summary>The versions of a path in a published tree.</summary>
    internal async ValueTask<Entry?> FindAsync(BlobId root, RelativePath path, CancellationToken cancel) =>
        await WithNodesAsync(() => Dmt.Open(_nodes, root).Find(path), cancel);

    /// <summary>How much there is in a published tree.</summary>
    internal async ValueTask<DmtSummary> SummarizeAsync(BlobId root, CancellationToken cancel) =>
        await WithNodesAsync(() => Dmt.Open(_nodes, root).Summary, cancel);

    private async ValueTask<T> WithNodesAsync<T>(Func<T> look, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return look();
            }
            catch (MissingNodeException missing)
            {
                await fetcher.FetchSingleNodeAsync(missing.Id, _nodes, cancel);
            }
        }
    }
}
