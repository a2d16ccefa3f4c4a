using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

public sealed partial class Dmt
{
    /// <summary>
    /// The tree after these edits; saves the nodes that are new. Memory does not grow with the number of edits; untouched nodes are not even read.
    /// </summary>
    /// <param name="edits">Strictly ascending by path; read once, while the tree is built.</param>
    /// <exception cref="ArgumentException">Edits are not ascending, or one is for the root or a reserved path, or an entry is too large (<see cref="Admits"/>).</exception>
    public Dmt With(IEnumerable<DmtEdit> edits)
    {
        using var queue = new EditQueue(edits);
        if (!queue.Any) return this;
        var builder = new TreeBuilder(_store);
        var root = RootNode;
        Copy(root, new DmtChild(Root, root.Last, root.Summary), isLast: true, queue, builder);
        return new Dmt(_store, builder.Finish());
    }

    public Dmt With(DmtEdit edit) => With([edit]);

    /// <summary>Is this entry small enough for a tree: at most 1024 versions, that weigh at most 512 KiB together?</summary>
    public static bool Admits(Entry entry) => NodeBoundary.Fits(entry);

    /// <summary>Are these versions of one path, by one maker, at most 64, that weigh at most 64 KiB together?</summary>
    internal static bool AdmitsOfOne(IReadOnlyCollection<Sibling> made) => NodeBoundary.FitsOfOne(made);

    /// <param name="node">Null: load it when it has to be opened.</param>
    /// <param name="child">The node as its parent describes it.</param>
    /// <param name="isLast">Nothing of the old tree follows: all edits that are left belong here.</param>
    /// <param name="edits">Those before this node are done.</param>
    /// <param name="builder">Has everything before this node.</param>
    private void Copy(DmtNode? node, DmtChild child, bool isLast, EditQueue edits, TreeBuilder builder)
    {
        node ??= _cache.Load(_store, child.Id);
        if (node.IsLeaf)
        {
            CopyLeaf(node, isLast, edits, builder);
            return;
        }
        var children = node.ChildSpan;
        for (int i = 0; i < children.Length; i++)
        {
            bool last = isLast && i == children.Length - 1;
            bool touched = edits.Any && (last || edits.Next.Path <= children[i].Last);
            if (!touched && builder.TryAddNode(node.Level - 1, children[i])) continue;
            Copy(null, children[i], last, edits, builder);
        }
    }

    private static void CopyLeaf(DmtNode leaf, bool isLast, EditQueue edits, TreeBuilder builder)
    {
        foreach (var item in leaf.ItemSpan)
        {
            while (edits.Any && edits.Next.Path < item.Path) Apply(edits, builder);
            if (edits.Any && edits.Next.Path == item.Path) Apply(edits, builder);
            else builder.Add(item);
        }
        while (isLast && edits.Any) Apply(edits, builder);
    }

    private static void Apply(EditQueue edits, TreeBuilder builder)
    {
        if (edits.Next.Entry is { } entry) builder.Add(new DmtItem(edits.Next.Path, entry));
        edits.Dequeue();
    }

    /// <summary>The edits one by one, each checked when its turn comes.</summary>
    private sealed class EditQueue : IDisposable
    {
        private readonly IEnumerator<DmtEdit> _edits;

        public EditQueue(IEnumerable<DmtEdit> edits)
        {
            _edits = edits.GetEnumerator();
            Dequeue();
        }

        public bool Any { get; private set; }

        public DmtEdit Next { get; private set; }

        public void Dequeue()
        {
            var previous = Next.Path;
            Any = _edits.MoveNext();
            if (!Any) return;
            Next = _edits.Current;
            // The root comes before every path, so this refuses an edit of the root as well.
            if (Next.Path <= previous) throw new ArgumentException("Edits come in ascending order of distinct paths below the root.");
            if (Next.Path.IsReserved) throw new ArgumentException("A tree holds no reserved path.");
            if (Next.Entry is { } entry && !NodeBoundary.Fits(entry)) throw new ArgumentException("An entry is too large for a tree.");
        }

        public void Dispose() => _edits.Dispose();
    }
}
