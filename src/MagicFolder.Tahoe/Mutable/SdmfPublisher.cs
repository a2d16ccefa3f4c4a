using System.Buffers.Binary;
using MagicFolder.Tahoe.Capabilities;
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
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.NeedsErasureCoding"/>.</exception>
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
        AesCtr.Transform(SdmfReader.DataKey(keys.WriteKey.ToReadKey(), iv), 0, content, segment);
        var blocks = new ReadOnlyMemory<byte>[n];
        ErasureCodes.For(k, n).Encode(segment, blocks);
        var roots = new byte[n * Digest.Length];
        for (var i = 0; i < n; i++)
        {
            SdmfReader.BlockTreeOf(blocks[i].Span).Root.CopyTo(roots.AsSpan(i * Digest.Length));
        }

        var shareTree = MerkleTree.FromLeaves(roots);
        Span<byte> signed = stackalloc byte[SdmfShare.SignedLength];
        WriteSigned(signed, seqnum, shareTree.Root, iv, k, n, segment.Length, content.Length);
        var signature = keys.Sign(signed);
        var encryptedKey = new byte[keys.PrivateKey.Length];
        AesCtr.Transform(AesKey.From(keys.WriteKey.ToArray()), 0, keys.PrivateKey.Span, encryptedKey);

        var shares = new ReadOnlyMemory<byte>[n];
        for (var i = 0; i < n; i++)
        {
            var chain = HashChain.Write(shareTree, MerkleTree.ChainOf(i, n, withLeaf: false));
            shares[i] = Assemble(signed, keys.PublicKey.Span, signature, chain, roots.AsSpan(i * Digest.Length, Digest.Length), blocks[i].Span, encryptedKey);
        }

        return new SdmfPublication(seqnum, shareTree.Root, shares);
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
