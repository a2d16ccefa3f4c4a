using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Publishing;

/// <summary>
/// Stores a snapshot: the nodes of its tree that the grid does not have, children before parents, then the snapshot itself. The contents must have been added
/// before. Stateless.
/// </summary>
/// <remarks>
/// A node is only ever stored after all below it, so a known node ends the walk: a change of one file costs the nodes from its leaf to the root.
/// </remarks>
public static class SnapshotPublisher
{
    /// <summary>Flushes: afterwards all is durable. Storing the same snapshot again stores nothing.</summary>
    /// <exception cref="UnknownBlobException">A file's content was neither added nor is it known to the catalog.</exception>
    /// <exception cref="GridException">The grid failed; the same call may be repeated.</exception>
    public static async Task<StoredSnapshot> StoreAsync(
        Snapshot snapshot, INodeStore nodes, IBlobCatalog catalog, PackWriter packs, CancellationToken cancel = default)
    {
        byte[] bytes = snapshot.Encode();
        var id = BlobId.Of(bytes);
        if (!packs.KnowsFramed(id))
        {
            await StoreNodeAsync(snapshot.Root, nodes, packs, cancel);
            await packs.AddFramedAsync(id, bytes, ReferencesOf(snapshot), cancel);
        }
        await packs.FlushAsync(cancel);
        return catalog.FindFramed(id) is { } location
            ? new StoredSnapshot(id, location)
            : throw new InvalidOperationException("The catalog does not remember what was just stored.");
    }

    /// <summary>The root and, where there is one, the parent: the order of the table behind a snapshot.</summary>
    internal static Reference[] ReferencesOf(Snapshot snapshot)
    {
        var root = new Reference(snapshot.Root, ReferenceKind.Blob);
        return snapshot.Parent is { } parent ? [root, new Reference(parent, ReferenceKind.Optional)] : [root];
    }

    private static async ValueTask StoreNodeAsync(BlobId id, INodeStore nodes, PackWriter packs, CancellationToken cancel)
    {
        if (packs.KnowsFramed(id)) return;
        var node = Dmt.Node(nodes, id);
        if (node.Level > 0)
        {
            foreach (var child in node.Children) await StoreNodeAsync(child, nodes, packs, cancel);
        }
        var kind = node.Level > 0 ? ReferenceKind.Blob : ReferenceKind.Content;
        await packs.AddFramedAsync(id, nodes.Load(id), [.. NodeReferences.Of(node).Select(reference => new Reference(reference, kind))], cancel);
    }
}
