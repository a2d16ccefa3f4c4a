using System.Buffers.Binary;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>Builds the shares of a new version of an SDMF file (tahoe-mutable, sections 4, 6 and 7). Pure but for the randomness in the signature.</summary>
public static class SdmfPublisher
{
    public const int IvLength = 16;

    /// <summary>Readers hold a whole version in memory; large contents belong in immutable files.</summary>
    public const int MaxContentLength = 64 * 1024 * 1024;

    /// <summary>The shares of version <paramref name="seqnum"/> of the file of these keys.</summary>
    /// <param name="keys">The identity of the file.</param>
    /// <param name="seqnum">1 for a new file, otherwise one more than the greatest seen.</param>
    /// <param name="content">The plain bytes.</param>
    /// <param name="iv">16 random bytes, never used before with these keys: the same pair of key and IV for two contents would reveal both.</param>
    /// <param name="k">Needed shares, 1 to n.</param>
    /// <param name="n">Total shares, at most 255.</param>
    public static SdmfPublication Build(MutableKeys keys, long seqnum, ReadOnlySpan<byte> content, ReadOnlySpan<byte> iv, int k = 1, int n = 1)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfLessThan(seqnum, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxContentLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, IvLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, byte.MaxValue);

        var segment = new byte[(content.Length + k - 1) / k * k];
        AesCtr.Transform(SegmentKey.Of(keys.WriteKey.ToReadKey(), iv), 0, content, segment);
        var blocks = BlocksOf(segment, k, n);
        var roots = RootsOf(blocks);
        var shareTree = MerkleTree.FromLeaves(roots);
        Span<byte> signed = stackalloc byte[SdmfShare.SignedLength];
        WriteSigned(signed, seqnum, shareTree.Root, iv, k, n, segment.Length, content.Length);
        var signature = keys.Sign(signed);
        var encryptedKey = ShareAuthorship.EncryptPrivateKey(keys);

        return new SdmfPublication(seqnum, shareTree.Root, Assemble(signed, keys.PublicKey.Span, signature, shareTree, roots, blocks, encryptedKey));
    }

    /// <summary>The blocks of all n shares: the pieces of the segment, and what is computed from them.</summary>
    internal static ReadOnlyMemory<byte>[] BlocksOf(byte[] segment, int k, int n)
    {
        var size = segment.Length / k;
        var blocks = new ReadOnlyMemory<byte>[n];
        if (k == 1)
        {
            Array.Fill(blocks, segment);
            return blocks;
        }

        var secondary = new byte[(n - k) * size];
        ErasureCode.For(k, n).Encode(segment, k, n - k, secondary);
        for (var i = 0; i < n; i++)
        {
            blocks[i] = i < k ? segment.AsMemory(i * size, size) : secondary.AsMemory((i - k) * size, size);
        }

        return blocks;
    }

    /// <summary>The roots of the block trees of all shares.</summary>
    internal static byte[] RootsOf(ReadOnlyMemory<byte>[] blocks)
    {
        var roots = new byte[blocks.Length * Digest.Length];
        for (var i = 0; i < blocks.Length; i++)
        {
            SdmfReader.BlockTreeOf(blocks[i].Span).Root.CopyTo(roots.AsSpan(i * Digest.Length));
        }

        return roots;
    }

    /// <summary>All shares of a version, whose sections are equally long as the format wants it.</summary>
    internal static ReadOnlyMemory<byte>[] Assemble(
        ReadOnlySpan<byte> signed,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> signature,
        MerkleTree shareTree,
        byte[] roots,
        ReadOnlyMemory<byte>[] blocks,
        ReadOnlySpan<byte> encryptedKey)
    {
        var shares = new ReadOnlyMemory<byte>[blocks.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            var chain = HashChain.Write(shareTree, MerkleTree.ChainOf(i, shares.Length, withLeaf: false));
            shares[i] = Assemble(signed, publicKey, signature, chain, roots.AsSpan(i * Digest.Length, Digest.Length), blocks[i].Span, encryptedKey);
        }

        return shares;
    }

    private static void WriteSigned(
        Span<byte> signed, long seqnum, Digest root, ReadOnlySpan<byte> iv, int k, int n, int segmentSize, int dataLength)
    {
        signed[0] = 0;
        BinaryPrimitives.WriteInt64BigEndian(signed[1..], seqnum);
        root.CopyTo(signed[9..]);
        iv.CopyTo(signed[41..]);
        signed[57] = (byte)k;
        signed[58] = (byte)n;
        BinaryPrimitives.WriteInt64BigEndian(signed[59..], segmentSize);
        BinaryPrimitives.WriteInt64BigEndian(signed[67..], dataLength);
    }

    private static byte[] Assemble(
        ReadOnlySpan<byte> signed,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> signature,
        ReadOnlySpan<byte> chain,
        ReadOnlySpan<byte> blockTree,
        ReadOnlySpan<byte> block,
        ReadOnlySpan<byte> encryptedKey)
    {
        var signatureAt = SdmfShare.HeaderLength + publicKey.Length;
        var chainAt = signatureAt + signature.Length;
        var treeAt = chainAt + chain.Length;
        var blockAt = treeAt + blockTree.Length;
        var keyAt = blockAt + block.Length;
        var share = new byte[keyAt + encryptedKey.Length];
        signed.CopyTo(share);
        BinaryPrimitives.WriteInt32BigEndian(share.AsSpan(75), signatureAt);
        BinaryPrimitives.WriteInt32BigEndian(share.AsSpan(79), chainAt);
        BinaryPrimitives.WriteInt32BigEndian(share.AsSpan(83), treeAt);
        BinaryPrimitives.WriteInt32BigEndian(share.AsSpan(87), blockAt);
        BinaryPrimitives.WriteInt64BigEndian(share.AsSpan(91), keyAt);
        BinaryPrimitives.WriteInt64BigEndian(share.AsSpan(99), share.Length);
        publicKey.CopyTo(share.AsSpan(SdmfShare.HeaderLength));
        signature.CopyTo(share.AsSpan(signatureAt));
        chain.CopyTo(share.AsSpan(chainAt));
        blockTree.CopyTo(share.AsSpan(treeAt));
        block.CopyTo(share.AsSpan(blockAt));
        encryptedKey.CopyTo(share.AsSpan(keyAt));
        return share;
    }
}
