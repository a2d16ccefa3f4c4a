using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>
/// The "distributed mutable tree" (docs/promises.md): the map from path to entry, as a persistent search tree of canonical nodes. Immutable: an edit gives
/// another tree that shares all untouched nodes. The root depends on the map alone, never on the order of edits, so equal roots mean equal maps.
/// Like its store, one thread at a time. Every member may throw <see cref="MissingNodeException"/>, and <see cref="DamagedBytesException"/> when the store
/// holds bytes that are no node; trees from elsewhere are checked first, with <see cref="Verify"/>.
/// </summary>
public sealed partial class Dmt
{
    private static readonly byte[] EmptyLeaf = DmtNode.EncodeLeaf([]);

    private readonly INodeStore _store;
    private readonly NodeCache _cache;
    private Place _near;

    private Dmt(INodeStore store, BlobId root)
    {
        _store = store;
        _cache = NodeCache.Of(store);
        Root = root;
    }

    /// <summary>The id of the empty leaf: the root of the tree without entries.</summary>
    public static BlobId EmptyRoot { get; } = BlobId.Of(EmptyLeaf);

    /// <summary>The id of the root node.</summary>
    public BlobId Root { get; }

    public bool IsEmpty => Root == EmptyRoot;

    /// <summary>Counts over all entries; read from the root node.</summary>
    public DmtSummary Summary => RootNode.Summary;

    private DmtNode RootNode => _cache.Load(_store, Root);

    /// <summary>Saves the empty leaf.</summary>
    public static Dmt Empty(INodeStore store)
    {
        store.Save(EmptyRoot, [.. EmptyLeaf]);
        return new Dmt(store, EmptyRoot);
    }

    /// <summary>One node of the trees in a store, decoded; its bytes are read only when nobody needed it lately.</summary>
    public static DmtNode Node(INodeStore store, BlobId id) => NodeCache.Of(store).Load(store, id);

    /// <summary>Spares whoever needs a node next reading and decoding it.</summary>
    /// <param name="store">Where its bytes were saved.</param>
    /// <param name="id">The SHA-256 of the bytes that <paramref name="node"/> was decoded from: whoever decoded them has checked that.</param>
    /// <param name="node">The node.</param>
    public static void Keep(INodeStore store, BlobId id, DmtNode node) => NodeCache.Of(store).Keep(id, node);

    /// <summary>Reads nothing yet.</summary>
    public static Dmt Open(INodeStore store, BlobId root) => new(store, root);

    public Entry? Find(RelativePath path)
    {
        if (!_near.Covers(path) && !TryGoTo(path)) return null;
        var leaf = _near.Leaf!;
        int index = leaf.Search(path);
        return leaf.ItemSpan[index].Path == path ? leaf.ItemSpan[index].Entry : null;
    }

    /// <summary>All entries, ascending by path; streaming.</summary>
    public IEnumerable<DmtItem> Items()
    {
        var cursor = new TreeCursor(_store, Root);
        for (; cursor.ToItem(); cursor.Skip()) yield return cursor.Item;
    }

    /// <summary>The entries strictly below a directory, at any depth, ascending; streaming. The root gives all.</summary>
    public IEnumerable<DmtItem> ItemsUnder(RelativePath directory)
    {
        // In the order of paths, what is in a directory follows it without a gap.
        var cursor = new TreeCursor(_store, Root);
        for (bool more = cursor.Seek(directory); more; more = cursor.ToItem())
        {
            var item = cursor.Item;
            if (item.Path.IsUnder(directory)) yield return item;
            else if (item.Path != directory) yield break;
            cursor.Skip();
        }
    }

    /// <summary>Is there an entry strictly below this path?</summary>
    public bool HasDescendants(RelativePath path)
    {
        if (_near.Covers(path))
        {
            int index = _near.Leaf!.Search(path);
            if (_near.Leaf.ItemSpan[index].Path == path) index++;
            if (index < _near.Leaf.Count) return _near.Leaf.ItemSpan[index].Path.IsUnder(path);
        }
        var cursor = new TreeCursor(_store, Root);
        if (!cursor.Seek(path)) return false;
        if (cursor.Item.Path == path)
        {
            cursor.Skip();
            if (!cursor.ToItem()) return false;
        }
        return cursor.Item.Path.IsUnder(path);
    }

    /// <summary>Goes down to the leaf in which this path would be; false when all paths are less.</summary>
    private bool TryGoTo(RelativePath path)
    {
        var node = RootNode;
        var after = RelativePath.Root;
        while (true)
        {
            int index = node.Search(path);
            if (index == node.Count) return false;
            if (node.IsLeaf) break;
            if (index > 0) after = node.ChildSpan[index - 1].Last;
            node = _cache.Load(_store, node.ChildSpan[index].Id);
        }
        _near = new Place(node, after);
        return true;
    }

    /// <summary>The leaf in which a path was looked for last: the next question is mostly about a neighbour.</summary>
    /// <param name="Leaf">Null in the beginning.</param>
    /// <param name="After">The greatest path before it.</param>
    private readonly record struct Place(DmtNode? Leaf, RelativePath After)
    {
        public bool Covers(RelativePath path) => Leaf is not null && path > After && path <= Leaf.Last;
    }
}
