namespace MagicFolder.Tahoe.Hashing;

/// <summary>What became of untrusted nodes.</summary>
public enum MerkleVerdict
{
    /// <summary>All of them lead to the root and are now trusted.</summary>
    Verified,

    /// <summary>A node contradicts the hashes beside or above it, or is not in the tree.</summary>
    BadHash,

    /// <summary>A sibling on the way to the root is missing.</summary>
    NotEnoughHashes,
}

/// <summary>
/// The nodes of a Merkle tree that are known to lead to a trusted root. Untrusted nodes come in batches that are taken as a whole or
/// not at all. Not safe for concurrent use.
/// </summary>
public sealed class PartialMerkleTree
{
    private readonly int _leafCount;
    private Dictionary<int, Digest> _trusted;

    public PartialMerkleTree(int leafCount, Digest root)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leafCount);
        _leafCount = leafCount;
        _trusted = new Dictionary<int, Digest> { [0] = root };
    }

    public MerkleVerdict Add(IReadOnlyCollection<KeyValuePair<int, Digest>> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var candidate = new Dictionary<int, Digest>(_trusted);
        var pending = new PriorityQueue<int, int>();
        foreach (var (number, hash) in nodes)
        {
            if (number < 0 || number >= MerkleTree.NodeCountFor(_leafCount) || !Accept(candidate, pending, number, hash))
            {
                return MerkleVerdict.BadHash;
            }
        }

        // Children have greater numbers than their parents, so the greatest first is bottom up.
        Span<byte> left = stackalloc byte[Digest.Length];
        Span<byte> right = stackalloc byte[Digest.Length];
        Span<byte> parent = stackalloc byte[Digest.Length];
        while (pending.TryDequeue(out var number, out _))
        {
            var sibling = MerkleTree.SiblingOf(number);
            if (!candidate.TryGetValue(sibling, out var siblingHash))
            {
                return MerkleVerdict.NotEnoughHashes;
            }

            candidate[number].CopyTo(number < sibling ? left : right);
            siblingHash.CopyTo(number < sibling ? right : left);
            MerkleTree.HashNode(left, right, parent);
            if (!Accept(candidate, pending, (number - 1) / 2, Digest.From(parent)))
            {
                return MerkleVerdict.BadHash;
            }
        }

        _trusted = candidate;
        return MerkleVerdict.Verified;
    }

    /// <summary>The hash of a leaf, if it is trusted.</summary>
    public bool TryGetLeaf(int leaf, out Digest hash)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, Math.Max(_leafCount, 1));
        return _trusted.TryGetValue(MerkleTree.NodeOfLeaf(leaf, _leafCount), out hash);
    }

    /// <summary>False if another hash is known for that node. A node that is new must still be led to the root.</summary>
    private static bool Accept(Dictionary<int, Digest> candidate, PriorityQueue<int, int> pending, int number, Digest hash)
    {
        if (candidate.TryGetValue(number, out var known))
        {
            return known == hash;
        }

        candidate[number] = hash;
        pending.Enqueue(number, -number);
        return true;
    }
}
