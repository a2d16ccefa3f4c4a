using System.Runtime.InteropServices;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Cbor;

namespace MagicFolder.Model.Tree;

/// <summary>
/// Builds a tree from ascending items and from whole old nodes, bottom up, with one open node a level. A node that content closes goes to the level
/// above at once, so memory is bounded whatever the length of the stream.
/// </summary>
internal sealed class TreeBuilder(INodeStore store)
{
    private readonly NodeCache _cache = NodeCache.Of(store);
    private readonly CanonicalWriter _writer = new();
    private readonly List<DmtItem> _leaf = [];
    private readonly List<LevelState> _levels = [new LevelState()];

    public void Add(DmtItem item)
    {
        _leaf.Add(item);
        _levels[0].Weight += NodeBoundary.Weigh(item);
        if (NodeBoundary.IsFull(0, _levels[0].Weight) || NodeBoundary.Ends(0, item.Path)) CloseLeaf();
    }

    /// <summary>
    /// Takes over an old node with all below it, unless the nodes being built have not come to an end right here: then its children are to be added
    /// one by one. The old node must have been closed by content, or be the last thing that is added.
    /// </summary>
    public bool TryAddNode(int level, DmtChild node)
    {
        if (_leaf.Count > 0) return false;
        while (_levels.Count <= level) _levels.Add(new LevelState());
        for (int below = 0; below < level; below++)
        {
            // The old node brings at least one more node of this level, so a first one that was held back here is not the root.
            if (_levels[below].Held is { } held) PassUp(below, held);
            if (_levels[below + 1].Open.Count > 0) return false;
        }
        for (int below = 0; below < level; below++) _levels[below].Passes = true;
        Emit(level, node);
        return true;
    }

    /// <summary>Closes what is open and gives the root: the lowest level with a single node.</summary>
    public BlobId Finish()
    {
        for (int level = 0; ; level++)
        {
            if (level == 0 && _leaf.Count > 0) CloseLeaf();
            else if (level > 0 && _levels[level].Open.Count > 0) CloseInterior(level);
            if (_levels[level].Passes) continue;
            return _levels[level].Held is { } root ? WithoutSingleChildren(level, root.Id) : SaveEmptyLeaf();
        }
    }

    private BlobId SaveEmptyLeaf()
    {
        DmtNode.WriteLeaf(_writer, []);
        return Save(DmtNode.Leaf([], _writer.Length));
    }

    private void CloseLeaf()
    {
        DmtNode.WriteLeaf(_writer, CollectionsMarshal.AsSpan(_leaf));
        var leaf = DmtNode.Leaf([.. _leaf], _writer.Length);
        _leaf.Clear();
        _levels[0].Weight = 0;
        Emit(0, new DmtChild(Save(leaf), leaf.Last, leaf.Summary));
    }

    private void CloseInterior(int level)
    {
        var open = _levels[level].Open;
        DmtNode.WriteInterior(_writer, level, CollectionsMarshal.AsSpan(open));
        var node = DmtNode.Interior(level, [.. open], _writer.Length);
        open.Clear();
        _levels[level].Weight = 0;
        Emit(level, new DmtChild(Save(node), node.Last, node.Summary));
    }

    // The first node of a level is held back until a second comes: alone it is the root, and no level above it is ever written.
    private void Emit(int level, DmtChild node)
    {
        var state = _levels[level];
        if (!state.Passes && state.Held is null)
        {
            state.Held = node;
            return;
        }
        if (state.Held is { } first) PassUp(level, first);
        AddChild(level + 1, node);
    }

    private void PassUp(int level, DmtChild held)
    {
        _levels[level].Held = null;
        _levels[level].Passes = true;
        AddChild(level + 1, held);
    }

    private void AddChild(int level, DmtChild child)
    {
        if (level > NodeBoundary.MaxLevel) throw new InvalidOperationException("The tree has grown beyond its highest level.");
        if (_levels.Count <= level) _levels.Add(new LevelState());
        var state = _levels[level];
        state.Open.Add(child);
        state.Weight += NodeBoundary.Weigh(child);
        if (NodeBoundary.IsFull(level, state.Weight) || NodeBoundary.Ends(level, child.Last)) CloseInterior(level);
    }

    // Only a node taken over from an old tree can stand alone on its level above another single one.
    private BlobId WithoutSingleChildren(int level, BlobId root)
    {
        while (level > 0)
        {
            var node = _cache.Load(store, root);
            if (node.Count > 1) break;
            root = node.ChildSpan[0].Id;
            level--;
        }
        return root;
    }

    private BlobId Save(DmtNode node)
    {
        var bytes = _writer.ToArray();
        _writer.Clear();
        var id = BlobId.Of(bytes);
        store.Save(id, bytes);
        _cache.Keep(id, node);
        return id;
    }

    private sealed class LevelState
    {
        public List<DmtChild> Open { get; } = [];

        public int Weight { get; set; }

        /// <summary>The first node of this level, as long as there is no second.</summary>
        public DmtChild? Held { get; set; }

        /// <summary>Nodes of this level go to the level above.</summary>
        public bool Passes { get; set; }
    }
}
