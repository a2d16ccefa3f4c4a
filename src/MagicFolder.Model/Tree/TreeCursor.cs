using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;

namespace MagicFolder.Model.Tree;

/// <summary>
/// A position in a tree: before an item, or before a whole node that has not been opened yet. Holds one node a level.
/// </summary>
internal sealed class TreeCursor
{
    private readonly INodeStore _store;
    private readonly NodeCache _cache;
    private readonly Stack<(DmtNode Node, int Index)> _path = [];

    public TreeCursor(INodeStore store, BlobId root)
    {
        _store = store;
        _cache = NodeCache.Of(store);
        Push(_cache.Load(store, root), 0);
    }

    public bool AtEnd => _path.Count == 0;

    /// <summary>Level of the node ahead; -1 when an item is ahead.</summary>
    public int Level => _path.Peek().Node.Level - 1;

    public DmtItem Item => _path.Peek().Node.ItemSpan[_path.Peek().Index];

    public DmtChild Child => _path.Peek().Node.ChildSpan[_path.Peek().Index];

    /// <summary>Level of the node that holds what is ahead.</summary>
    public int Height => _path.Peek().Node.Level;

    /// <summary>Goes past the item or node ahead without looking into it.</summary>
    public void Skip()
    {
        var (node, index) = _path.Pop();
        Push(node, index + 1);
    }

    /// <summary>Opens the node ahead: what is ahead then is its first child or item.</summary>
    public void Open()
    {
        var child = Child;
        Skip();
        Push(_cache.Load(_store, child.Id), 0);
    }

    /// <summary>Opens nodes until an item is ahead; false at the end.</summary>
    public bool ToItem()
    {
        while (!AtEnd)
        {
            if (Level < 0) return true;
            Open();
        }
        return false;
    }

    /// <summary>From the start of a tree to the first item that is not less than <paramref name="path"/>; false when there is none.</summary>
    public bool Seek(RelativePath path)
    {
        while (!AtEnd)
        {
            var (node, index) = _path.Pop();
            Push(node, Math.Max(index, node.Search(path)));
            if (AtEnd || Level < 0) break;
            Open();
        }
        return ToItem();
    }

    // A node that has been passed to its end is not kept, so what is on top always has something ahead.
    private void Push(DmtNode node, int index)
    {
        if (index < node.Count) _path.Push((node, index));
    }
}
