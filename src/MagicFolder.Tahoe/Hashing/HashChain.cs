using System.Buffers.Binary;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>The form in which shares keep the nodes that lead from their block tree to the root: node number (2 bytes) and hash (32 bytes) each.</summary>
internal static class HashChain
{
    internal const int EntrySize = 2 + Digest.Length;

    internal static byte[] Write(MerkleTree tree, ReadOnlySpan<int> nodes)
    {
        var bytes = new byte[nodes.Length * EntrySize];
        for (var i = 0; i < nodes.Length; i++)
        {
            var entry = bytes.AsSpan(i * EntrySize, EntrySize);
            BinaryPrimitives.WriteUInt16BigEndian(entry, (ushort)nodes[i]);
            tree.Node(nodes[i]).CopyTo(entry[2..]);
        }

        return bytes;
    }

    /// <summary>
    /// Whether the chain and the root of a share's block tree lead to the root of all shares.
    /// </summary>
    /// <param name="chain">Whole entries, in any order.</param>
    /// <param name="shareNumber">The leaf of the block tree root.</param>
    /// <param name="shareCount">All shares of the object; a share number beyond them never verifies.</param>
    /// <param name="blockRoot">Root of this share's block tree.</param>
    /// <param name="shareRoot">The trusted root.</param>
    internal static bool Verify(ReadOnlySpan<byte> chain, int shareNumber, int shareCount, Digest blockRoot, Digest shareRoot)
    {
        if (shareNumber < 0 || shareNumber >= shareCount || chain.Length % EntrySize != 0 || chain.Length / EntrySize > MerkleTree.NodeCountFor(shareCount))
        {
            return false;
        }

        var nodes = new Dictionary<int, Digest> { [MerkleTree.NodeOfLeaf(shareNumber, shareCount)] = blockRoot };
        for (; !chain.IsEmpty; chain = chain[EntrySize..])
        {
            int number = BinaryPrimitives.ReadUInt16BigEndian(chain);
            var hash = Digest.From(chain[2..EntrySize]);
            if (!nodes.TryAdd(number, hash) && nodes[number] != hash)
            {
                return false;
            }
        }

        return new PartialMerkleTree(shareCount, shareRoot).Add(nodes) == MerkleVerdict.Verified;
    }
}
