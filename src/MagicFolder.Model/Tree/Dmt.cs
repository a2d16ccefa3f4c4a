using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>
/// The "distributed mutable tree" (design, section 1): the map from path to entry, as a persistent search tree of canonical nodes. Immutable: an edit gives
/// another tree that shares all untouched nodes. The root depends on the map alone, never on the order of edits, so equal roots mean equal maps.
/// Like its store, one thread at a time. Every member may throw <see cref="MissingNodeException"/>, and <see cref="DamagedBytesException"/> when the store
/// holds bytes that are no node; trees from elsewhere are checked first, with <see cref="Verify"/>.
/// </summary>
public sealed partial class Dmt
{
    private static readonly byte[] EmptyLeaf = DmtNode.EncodeLeaf([]);

    private readonly INodeStore _store;
    private readonly NodeCache _cache;

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

    /// <summary>Reads nothing yet.</summary>
    public static Dmt Open(INodeStore store, BlobId root) => new(store, root);

    public Entry? Find(RelativePath path)
    {
        var node = RootNode;
        while (true)
        {
            int index = node.Search(path);
            if (index == node.Count) return null;
            if (node.IsLeaf) return node.ItemSpan[index].Path == path ? node.ItemSpan[index].Entry : null;
            node = _cache.Load(_store, node.ChildSpan[index].Id);
        }
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
        var cursor = new TreeCursor(_store, Root);
        if (!cursor.Seek(path)) return false;
        if (cursor.Item.Path == path)
        {
            cursor.Skip();
            if (!cursor.ToItem()) return false;
        }
        return cursor.Item.Path.IsUnder(path);
    }
}
