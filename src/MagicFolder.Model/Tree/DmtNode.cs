using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>
/// One node of a tree, decoded: a leaf (<see cref="Level"/> 0) has <see cref="Items"/>, an interior node has <see cref="Described"/> children of
/// the level below. Immutable; docs/formats/dmt.md gives the bytes.
/// </summary>
public sealed partial class DmtNode
{
    private readonly DmtItem[] _items;
    private readonly DmtChild[] _children;
    private ImmutableArray<BlobId> _ids;

    private DmtNode(int level, DmtItem[] items, DmtChild[] children, int encodedLength)
    {
        Level = level;
        _items = items;
        _children = children;
        EncodedLength = encodedLength;
        var summary = default(DmtSummary);
        foreach (var item in items) summary += DmtSummary.Of(item.Entry);
        foreach (var child in children) summary += child.Summary;
        Summary = summary;
    }

    /// <summary>0 for a leaf.</summary>
    public int Level { get; }

    public bool IsLeaf => Level == 0;

    /// <summary>Length of the canonical bytes.</summary>
    public int EncodedLength { get; }

    /// <summary>The sums over all entries in and below this node, as far as its children's descriptions are true.</summary>
    public DmtSummary Summary { get; }

    /// <summary>The ids of the children, ascending by path; empty for a leaf.</summary>
    public IReadOnlyList<BlobId> Children
    {
        get
        {
            if (_ids.IsDefault) _ids = [.. _children.Select(child => child.Id)];
            return _ids;
        }
    }

    /// <summary>The children and what this node says of them.</summary>
    public IReadOnlyList<DmtChild> Described => _children;

    /// <summary>The entries of a leaf, ascending by path; empty for an interior node.</summary>
    public IReadOnlyList<DmtItem> Items => _items;

    /// <summary>The content ids of the files in a leaf, conflicting versions included: distinct, in order of first occurrence.</summary>
    public IEnumerable<BlobId> Contents
    {
        get
        {
            var seen = new HashSet<BlobId>();
            foreach (var item in _items)
            {
                foreach (var sibling in item.Entry.Siblings)
                {
                    if (sibling.Value.Kind == EntryKind.File && seen.Add(sibling.Value.Content)) yield return sibling.Value.Content;
                }
            }
        }
    }

    /// <summary>A leaf that was just encoded to so many bytes.</summary>
    internal static DmtNode Leaf(DmtItem[] items, int encodedLength) => new(0, items, [], encodedLength);

    /// <summary>An interior node that was just encoded to so many bytes.</summary>
    internal static DmtNode Interior(int level, DmtChild[] children, int encodedLength) => new(level, [], children, encodedLength);

    internal ReadOnlySpan<DmtItem> ItemSpan => _items;

    internal ReadOnlySpan<DmtChild> ChildSpan => _children;

    internal int Count => IsLeaf ? _items.Length : _children.Length;

    /// <summary>The greatest path in or below; the root path for the empty leaf.</summary>
    internal RelativePath Last => _items.Length > 0 ? _items[^1].Path : _children.Length > 0 ? _children[^1].Last : RelativePath.Root;

    /// <summary>Did content close this node, so that an item right behind it belongs to the next one?</summary>
    internal bool IsClosed
    {
        get
        {
            if (Count == 0) return false;
            int weight = 0;
            foreach (var item in _items) weight += NodeBoundary.Weigh(item);
            foreach (var child in _children) weight += NodeBoundary.Weigh(child);
            return NodeBoundary.IsFull(Level, weight) || NodeBoundary.Ends(Level, Last);
        }
    }

    /// <summary>The index of the first item or child whose (last) path is not less than <paramref name="path"/>; the count when there is none.</summary>
    internal int Search(RelativePath path)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            var at = IsLeaf ? _items[middle].Path : _children[middle].Last;
            if (at.CompareTo(path) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
