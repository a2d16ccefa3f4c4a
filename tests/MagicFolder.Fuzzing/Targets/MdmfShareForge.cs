using System.Buffers.Binary;
using MagicFolder.Simulation.Keys;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Makes MDMF shares as a hostile writer may: small segments, sections where they like, all hashes and the signature right.</summary>
internal static class MdmfShareForge
{
    private const int FirstOffset = 59;
    private const int LargestShare = 1 << 16;

    /// <summary>A share with small segments and without the gap; in place of the private key stand a few bytes.</summary>
    public static byte[] Compact(int number, int k, int n, int blockSize, int length, Random random)
    {
        var geometry = MdmfGeometry.For(k, (long)k * blockSize, length)!.Value;
        byte[] key = Some.Bytes(random, random.Next(20)), publicKey = FixedKeys.Collective.PublicKey.ToArray();
        int[] sections = [key.Length, HashChain.EntrySize * MerkleTree.ChainOf(number, n, withLeaf: false).Length, 256, publicKey.Length, random.Next(3), (int)geometry.DataSize, (int)geometry.TreeSize];
        var share = new byte[MdmfHeader.HeaderLength + sections.Sum()];
        share[0] = 1;
        BinaryPrimitives.WriteInt64BigEndian(share.AsSpan(1), Some.Positive(random));
        share[41] = (byte)k;
        share[42] = (byte)n;
        BinaryPrimitives.WriteInt64BigEndian(share.AsSpan(43), geometry.SegmentSize);
        BinaryPrimitives.WriteInt64BigEndian(share.AsSpan(51), length);
        int at = MdmfHeader.HeaderLength;
        for (int i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(share.AsSpan(FirstOffset + (8 * i)), at);
            if (i == 0) key.CopyTo(share.AsSpan(at));
            if (i == 3) publicKey.CopyTo(share.AsSpan(at));
            if (i == 5) Some.Bytes(random, sections[5]).CopyTo(share.AsSpan(at));
            if (i < 7) at += sections[i];
        }
        return Resign(share, number);
    }

    /// <summary>Puts the data behind what stands before it and the tree behind the data, as many as the header announces.</summary>
    public static byte[] Relayout(byte[] share)
    {
        if (share.Length < MdmfHeader.HeaderLength) return share;
        long dataAt = Number(share, 5);
        if (dataAt < MdmfHeader.HeaderLength || dataAt > LargestShare || GeometryOf(share) is not { } geometry || geometry.DataSize + geometry.TreeSize > LargestShare) return share;
        var made = new byte[dataAt + geometry.DataSize + geometry.TreeSize];
        share.AsSpan(0, Math.Min(share.Length, made.Length)).CopyTo(made);
        BinaryPrimitives.WriteInt64BigEndian(made.AsSpan(FirstOffset + 48), dataAt + geometry.DataSize);
        BinaryPrimitives.WriteInt64BigEndian(made.AsSpan(FirstOffset + 56), made.Length);
        return made;
    }

    /// <summary>Makes tree, chain, root and signature right, if they have room.</summary>
    public static byte[] Resign(byte[] share, int number)
    {
        if (share.Length < MdmfHeader.HeaderLength) return share;
        long previous = MdmfHeader.HeaderLength;
        for (int i = 0; i < 8; i++)
        {
            long bound = Number(share, i);
            if (bound < previous || bound > share.Length) return share;
            previous = bound;
        }
        int chainAt = (int)Number(share, 1), signatureAt = (int)Number(share, 2), publicKeyAt = (int)Number(share, 3), dataAt = (int)Number(share, 5), treeAt = (int)Number(share, 6);
        if (GeometryOf(share) is not { } geometry || treeAt - dataAt != geometry.DataSize || Number(share, 7) - treeAt != geometry.TreeSize) return share;
        var leaves = new byte[geometry.SegmentCount * Digest.Length];
        for (int s = 0; s < geometry.SegmentCount; s++)
            TaggedHash.Compute(HashTags.Block, share.AsSpan(dataAt + (int)geometry.OffsetOf(s), MdmfGeometry.SaltLength + geometry.SizeOfBlock(s)), leaves.AsSpan(s * Digest.Length, Digest.Length));
        var tree = MerkleTree.FromLeaves(leaves);
        tree.Serialized.CopyTo(share.AsMemory(treeAt));
        int n = share[42];
        if (number < n)
        {
            var roots = new byte[n * Digest.Length];
            tree.Root.CopyTo(roots.AsSpan(number * Digest.Length));
            var shareTree = MerkleTree.FromLeaves(roots);
            var chain = HashChain.Write(shareTree, MerkleTree.ChainOf(number, n, withLeaf: false));
            if (chain.Length == signatureAt - chainAt) chain.CopyTo(share.AsSpan(chainAt));
            shareTree.Root.CopyTo(share.AsSpan(9));
        }
        byte[] signature = FixedKeys.Collective.Sign(share.AsSpan(0, MdmfHeader.SignedLength));
        if (publicKeyAt - signatureAt == signature.Length) signature.CopyTo(share.AsSpan(signatureAt));
        return share;
    }

    private static long Number(byte[] share, int offset) => BinaryPrimitives.ReadInt64BigEndian(share.AsSpan(FirstOffset + (8 * offset)));

    private static MdmfGeometry? GeometryOf(byte[] share)
        => MdmfGeometry.For(share[41], BinaryPrimitives.ReadInt64BigEndian(share.AsSpan(43)), BinaryPrimitives.ReadInt64BigEndian(share.AsSpan(51)));
}
