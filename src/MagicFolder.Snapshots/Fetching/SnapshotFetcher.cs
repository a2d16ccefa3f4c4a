using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Publishing;

namespace MagicFolder.Snapshots.Fetching;

/// <summary>
/// Brings snapshots and their trees from the grid, and tells the catalog where all that they refer to lies. Everything is verified against its id and
/// decoded before it is kept. One call at a time.
/// </summary>
public sealed class SnapshotFetcher(BlobReader blobs, IBlobCatalog catalog, FetchLimits? limits = null)
{
    private readonly FetchLimits _limits = limits ?? FetchLimits.Default;

    /// <param name="id">The snapshot.</param>
    /// <param name="hint">Where a head says that it lies; null to look only where the catalog knows it.</param>
    /// <param name="cancel">Ends the fetch.</param>
    /// <exception cref="GridException">It could not be got.</exception>
    /// <exception cref="DamagedBytesException">It is not a sound snapshot, or of a newer format.</exception>
    public async Task<Snapshot> FetchSnapshotAsync(BlobId id, BlobLocation? hint, CancellationToken cancel = default)
    {
        var blob = await blobs.ReadFramedAsync(id, hint, cancel);
        var snapshot = Snapshot.Decode(blob.Named);
        catalog.Add(id, blob.Location);
        Learn(blob, [.. SnapshotPublisher.ReferencesOf(snapshot).Select(reference => reference.Id)]);
        return snapshot;
    }

    /// <summary>
    /// Brings every node below and including <paramref name="root"/> that <paramref name="nodes"/> does not hold. A node is saved only after all below it,
    /// so that a node in the store always stands for its whole tree, however a fetch ends.
    /// </summary>
    /// <returns>The nodes that came.</returns>
    /// <exception cref="GridException">A node could not be got; what was saved by then stays, and the next fetch goes on from it.</exception>
    /// <exception cref="DamagedBytesException">A node is unsound, or the tree is beyond the limits.</exception>
    public async Task<IReadOnlySet<BlobId>> FetchTreeAsync(BlobId root, INodeStore nodes, CancellationToken cancel = default)
    {
        var arrivals = new HashSet<BlobId>();
        if (!nodes.Contains(root)) await FetchNodeAsync(root, level: null, nodes, arrivals, new Budget(_limits), cancel);
        return arrivals;
    }

    /// <summary>
    /// Brings this one node only, for looking up a path in a former tree. <paramref name="nodes"/> must not be a store in which a node stands for all below it.
    /// </summary>
    /// <exception cref="GridException">It could not be got.</exception>
    /// <exception cref="DamagedBytesException">It is unsound.</exception>
    public async Task FetchSingleNodeAsync(BlobId id, INodeStore nodes, CancellationToken cancel = default)
    {
        var blob = await blobs.ReadFramedAsync(id, hint: null, cancel);
        Learn(blob, NodeReferences.Of(DmtNode.Decode(blob.Named)));
        nodes.Save(id, blob.Named);
    }

    private async ValueTask FetchNodeAsync(BlobId id, int? level, INodeStore nodes, HashSet<BlobId> arrivals, Budget budget, CancellationToken cancel)
    {
        var blob = await blobs.ReadFramedAsync(id, hint: null, cancel);
        budget.Spend(blob.Named.Length);
        var node = DmtNode.Decode(blob.Named);
        if (level is not null && node.Level != level)
            throw new DamagedBytesException(DamageReason.Malformed, $"Tree node {id} is not of the level below its parent's.");
        var unplaced = Learn(blob, NodeReferences.Of(node));
        if (node.IsLeaf) RequirePlaces(unplaced);
        else
        {
            // The same child may be named twice; it was saved at the first time, so no graph of shared nodes is walked more than once.
            foreach (var child in node.Children)
                if (!nodes.Contains(child)) await FetchNodeAsync(child, node.Level - 1, nodes, arrivals, budget, cancel);
        }
        nodes.Save(id, blob.Named);
        Dmt.Keep(nodes, id, node);
        arrivals.Add(id);
    }

    /// <summary>Whoever publishes the tree on has to say where its contents lie, so a tree that does not say it would stop them.</summary>
    private void RequirePlaces(IEnumerable<BlobId> contents)
    {
        foreach (var content in contents)
        {
            if (catalog.Find(content).Count > 0 || catalog.FindLost(content).Count > 0 || catalog.FindChunkLists(content).Count > 0) continue;
            throw new DamagedBytesException(DamageReason.Malformed, $"A tree does not say where content {content} lies.");
        }
    }

    /// <summary>Returns those of the references that the blob does not say the place of.</summary>
    private IReadOnlyList<BlobId> Learn(FramedBlob blob, IReadOnlyList<BlobId> references)
    {
        if (blob.Table is null) return references;
        var unplaced = new List<BlobId>();
        var places = LocationTable.Decode(blob.Table, references.Count, blob.Location.Pack);
        for (int i = 0; i < places.Length; i++)
        {
            var (location, list) = places[i];
            if (location is null)
            {
                unplaced.Add(references[i]);
                continue;
            }
            catalog.Add(list ?? references[i], location.Value);
            if (list is not null) catalog.AddChunkList(references[i], list.Value);
        }
        return unplaced;
    }

    /// <summary>What is left of the limits of one fetch.</summary>
    private sealed class Budget(FetchLimits limits)
    {
        private long _nodes = limits.MaxNodes;
        private long _bytes = limits.MaxBytes;

        public void Spend(int bytes)
        {
            _nodes--;
            _bytes -= bytes;
            if (_nodes < 0 || _bytes < 0) throw new DamagedBytesException(DamageReason.TooLarge, "A tree is larger than any folder may be.");
        }
    }
}
