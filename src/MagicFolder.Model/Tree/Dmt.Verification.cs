using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;

namespace MagicFolder.Model.Tree;

public sealed partial class Dmt
{
    /// <summary>
    /// Checks a tree that came from elsewhere, all of whose nodes are in the store: ids, and that every child fits its parent's description (level, range
    /// of paths, counts) and ends where content ends it. After this the tree is exactly the one that <see cref="With(IEnumerable{DmtEdit})"/> makes of its entries.
    /// </summary>
    /// <param name="store">Holds the nodes.</param>
    /// <param name="root">The root of the tree.</param>
    /// <param name="isTrusted">
    /// True for nodes that are part of a tree verified before. These are not walked again; only their left and right edges are read.
    /// </param>
    /// <exception cref="DamagedBytesException">Anything is wrong.</exception>
    public static void Verify(INodeStore store, BlobId root, Func<BlobId, bool> isTrusted)
    {
        if (isTrusted(root) && NodeCache.Of(store).Load(store, root).Count != 1) return;
        var walk = new Verification(store, isTrusted);
        var node = walk.Read(root);
        if (!node.IsLeaf && node.Count == 1) throw Verification.Damage("its root has a single child");
        walk.Children(node, RelativePath.Root, isLast: true);
    }

    private sealed class Verification(INodeStore store, Func<BlobId, bool> isTrusted)
    {
        private readonly NodeCache _cache = NodeCache.Of(store);

        public static DamagedBytesException Damage(string what) => new(DamageReason.Malformed, $"A tree is damaged: {what}.");

        // What the cache has was decoded from bytes of this id, which says all that the bytes could.
        public DmtNode Read(BlobId id) => _cache.Load(store, id);

        /// <param name="node">Fits its own description.</param>
        /// <param name="after">All paths in it must be greater.</param>
        /// <param name="isLast">Nothing follows, so content need not have closed it.</param>
        public void Children(DmtNode node, RelativePath after, bool isLast)
        {
            if (node.IsLeaf)
            {
                if (node.Count > 0 && node.ItemSpan[0].Path <= after) throw Damage("its paths are not ascending");
                return;
            }
            var children = node.ChildSpan;
            for (int i = 0; i < children.Length; i++)
            {
                var described = children[i];
                if (described.Last <= after) throw Damage("its paths are not ascending");
                bool last = isLast && i == children.Length - 1;
                var child = Read(described.Id);
                if (child.Level != node.Level - 1) throw Damage("a node is on the wrong level");
                if (child.Count == 0 || child.Last != described.Last || child.Summary != described.Summary) throw Damage("a node is not as its parent describes it");
                if (!last && !child.IsClosed) throw Damage("a node ends before its end");
                if (isTrusted(described.Id)) Edges(child, after, last);
                else Children(child, after, last);
                after = described.Last;
            }
        }

        // Inside of a trusted node all is well. But its first path must not reach back into what stands before it here, and where it came last in the
        // other tree its last nodes may not have been closed by content.
        private void Edges(DmtNode node, RelativePath after, bool isLast)
        {
            var left = node;
            while (!left.IsLeaf) left = Read(left.ChildSpan[0].Id);
            if (left.ItemSpan[0].Path <= after) throw Damage("its paths are not ascending");
            for (var right = node; !isLast && !right.IsLeaf;)
            {
                right = Read(right.ChildSpan[^1].Id);
                if (!right.IsClosed) throw Damage("a node ends before its end");
            }
        }
    }
}
