using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Membership;

namespace MagicFolder.Sync.Checking;

/// <summary>
/// Reads every node of the retained trees from the grid, each once, and all contents that they name. A node that the grid has lost but this participant still knows leads on to what
/// is below it.
/// </summary>
internal sealed class RetainedTrees(SnapshotFetcher fetcher, INodeStore local, RetainedContents contents, NotingCatalog catalog, Reach reach)
{
    private readonly HashSet<BlobId> _seen = [];
    private readonly Dictionary<BlobId, DmtChild[]> _interior = [];
    private readonly Dictionary<BlobId, string> _lost = [];
    private readonly OneNode _arrived = new();

    /// <summary>Some node cannot be read.</summary>
    internal bool HasLost => _lost.Count > 0;

    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal async Task LookAsync(BlobId root, CancellationToken cancel)
    {
        var ahead = new Stack<(BlobId Id, int? Level)>([(root, null)]);
        while (ahead.TryPop(out var next))
        {
            cancel.ThrowIfCancellationRequested();
            if (!_seen.Add(next.Id) || await ReadAsync(next.Id, next.Level, cancel) is not { } node) continue;
            foreach (var item in node.Items)
                foreach (var (dot, value) in item.Entry.Siblings) await contents.LookAsync(item.Path, dot, value, cancel);
            if (node.IsLeaf) continue;
            _interior[next.Id] = [.. node.Described];
            for (int i = node.Children.Count - 1; i >= 0; i--) ahead.Push((node.Children[i], node.Level - 1));
        }
    }

    /// <summary>Where a node lies may have become known later.</summary>
    internal async Task LookAgainAsync(CancellationToken cancel)
    {
        for (int before = int.MaxValue; _lost.Count > 0 && _lost.Count < before;)
        {
            before = _lost.Count;
            var again = _lost.Keys.ToArray();
            _lost.Clear();
            foreach (var id in again)
            {
                _seen.Remove(id);
                await LookAsync(id, cancel);
            }
        }
    }

    /// <summary>The parts of these trees that cannot be read.</summary>
    internal IEnumerable<LostTree> LostIn(SnapshotLog log)
    {
        var whole = new HashSet<BlobId>();
        foreach (var snapshot in log.Snapshots)
            foreach (var lost in LostIn(snapshot, snapshot.Snapshot.Root, null, null, whole)) yield return lost;
    }

    private List<LostTree> LostIn(LoggedSnapshot snapshot, BlobId id, RelativePath? after, RelativePath? last, HashSet<BlobId> whole)
    {
        if (_lost.TryGetValue(id, out string? reason)) return [new LostTree(snapshot, after, last, reason)];
        if (!_interior.TryGetValue(id, out var children) || whole.Contains(id)) return [];
        var lost = new List<LostTree>();
        foreach (var child in children)
        {
            lost.AddRange(LostIn(snapshot, child.Id, after, child.Last, whole));
            after = child.Last;
        }
        if (lost.Count == 0) whole.Add(id);
        return lost;
    }

    private async ValueTask<DmtNode?> ReadAsync(BlobId id, int? level, CancellationToken cancel)
    {
        catalog.Begin();
        try
        {
            await fetcher.FetchSingleNodeAsync(id, _arrived, cancel);
            var node = DmtNode.Decode(_arrived.Bytes);
            return level is null || node.Level == level ? node : throw new DamagedBytesException(DamageReason.Malformed, $"Tree node {id} is not of the level below its parent's.");
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            catalog.Miss();
            _lost[id] = await reach.ReasonAsync(e, cancel);
            return local.Contains(id) ? DmtNode.Decode(local.Load(id)) : null;
        }
    }

    /// <summary>Takes the node that was fetched, and keeps it until the next.</summary>
    private sealed class OneNode : INodeStore
    {
        internal byte[] Bytes { get; private set; } = [];

        public byte[] Load(BlobId id) => throw new MissingNodeException(id);

        public bool Contains(BlobId id) => false;

        public void Save(BlobId id, byte[] bytes) => Bytes = bytes;
    }
}
