using System.Buffers.Text;
using System.Numerics;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>
/// A complete Merkle tree over leaves of 32 bytes (tahoe-hashing, section 6). Nodes are numbered from the root, which is 0; the children of i are 2i+1
/// and 2i+2. The bottom row is filled up to a power of two with padding leaves that are hashes of their own position. Immutable.
/// </summary>
public sealed class MerkleTree
{
    private readonly byte[] _nodes;
    private readonly int _width;

    private MerkleTree(byte[] nodes, int width) => (_nodes, _width) = (nodes, width);

    public Digest Root => Node(0);

    /// <summary>All nodes from the root down, 32 bytes each: the form in which shares keep trees.</summary>
    public ReadOnlyMemory<byte> Serialized => _nodes;

    /// <param name="leaves">Concatenated leaves of 32 bytes; none gives the tree of the one padding leaf.</param>
    public static MerkleTree FromLeaves(ReadOnlySpan<byte> leaves)
    {
        var count = Math.DivRem(leaves.Length, Digest.Length, out var remainder);
        if (remainder != 0)
        {
            throw new ArgumentException("Leaves are 32 bytes each.", nameof(leaves));
        }

        var width = WidthFor(count);
        var nodes = new byte[NodeCountFor(count) * Digest.Length];
        leaves.CopyTo(nodes.AsSpan((width - 1) * Digest.Length));
        for (var i = count; i < width; i++)
        {
            WritePaddingLeaf(i, NodeSpan(nodes, width - 1 + i));
        }

        for (var i = width - 2; i >= 0; i--)
        {
            HashNode(NodeSpan(nodes, (2 * i) + 1), NodeSpan(nodes, (2 * i) + 2), NodeSpan(nodes, i));
        }

        return new MerkleTree(nodes, width);
    }

    /// <summary>Number of leaves with padding: the next power of two, at least 1.</summary>
    public static int WidthFor(int leafCount) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(leafCount, 1));

    /// <summary>Number of nodes of a whole tree.</summary>
    public static int NodeCountFor(int leafCount) => (2 * WidthFor(leafCount)) - 1;

    /// <summary>The number of a leaf's node.</summary>
    public static int NodeOfLeaf(int leaf, int leafCount) => WidthFor(leafCount) - 1 + leaf;

    /// <summary>
    /// The nodes that lead from a leaf to the root, in ascending order: the siblings along the path, and the leaf itself if wanted. Mutable shares leave it
    /// out, immutable ones put it in.
    /// </summary>
    public static int[] ChainOf(int leaf, int leafCount, bool withLeaf)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, Math.Max(leafCount, 1));
        var chain = new List<int>();
        var node = NodeOfLeaf(leaf, leafCount);
        if (withLeaf)
        {
            chain.Add(node);
        }

        for (; node > 0; node = (node - 1) / 2)
        {
            chain.Add(SiblingOf(node));
        }

        chain.Sort();
        return [.. chain];
    }

    public Digest Node(int number) => Digest.From(NodeSpan(_nodes, number));

    public Digest Leaf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, _width);
        return Node(_width - 1 + number);
    }

    internal static int SiblingOf(int node) => node % 2 == 0 ? node - 1 : node + 1;

    internal static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> parent)
        => TaggedHash.ComputePair(HashTags.MerkleInternalNode, left, right, parent);

    private static void WritePaddingLeaf(int index, Span<byte> destination)
    {
        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat(index, digits, out var length);
        TaggedHash.Compute(HashTags.MerkleEmptyLeaf, digits[..length], destination);
    }

    private static Span<byte> NodeSpan(byte[] nodes, int number) => nodes.AsSpan(number * Digest.Length, Digest.Length);
}
