using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>Verifies and decrypts SDMF shares (tahoe-mutable, sections 3, 6 and 7). Pure, and safe for concurrent use.</summary>
public static class SdmfReader
{
    /// <summary>
    /// Verifies who wrote a share and which version it is of: public key against fingerprint, signature over the header. Nothing is said yet about
    /// the block in it.
    /// </summary>
    /// <exception cref="DamagedShareException">See the reason.</exception>
    public static SdmfShare VerifyHeader(ReadOnlyMemory<byte> share, MutableVerifyCap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var parsed = SdmfShare.Parse(share);
        ShareAuthorship.Verify(parsed.PublicKey.Span, parsed.SignedBytes.Span, parsed.Signature.Span, cap);
        return parsed;
    }

    /// <summary>Verifies a whole share, without being able to read it: header, block, and that it is the block of this share.</summary>
    /// <param name="share">The share without its container; what stands behind its end is ignored.</param>
    /// <param name="shareNumber">The name of its file on the server.</param>
    /// <param name="cap">The file.</param>
    /// <exception cref="DamagedShareException">See the reason.</exception>
    public static SdmfShare VerifyShare(ReadOnlyMemory<byte> share, int shareNumber, MutableVerifyCap cap)
    {
        var parsed = VerifyHeader(share, cap);
        VerifyBlock(parsed, shareNumber);
        return parsed;
    }

    /// <summary>Verifies a share and decrypts the content, when one share is enough (k = 1).</summary>
    /// <param name="share">The share without its container; what stands behind its end is ignored.</param>
    /// <param name="shareNumber">The name of its file on the server.</param>
    /// <param name="cap">The file.</param>
    /// <exception cref="DamagedShareException">See the reason.</exception>
    public static SdmfVersion Read(ReadOnlyMemory<byte> share, int shareNumber, MutableReadCap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var parsed = VerifyShare(share, shareNumber, cap.ToVerifyCap());
        return parsed.K == 1
            ? Decrypt(parsed, parsed.Block.Span, cap)
            : throw new DamagedShareException(ShareDamage.TooFewShares, $"Of the {parsed.K} shares of {cap} that are needed, one is given.");
    }

    /// <summary>Puts a version together from its shares and decrypts it.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>.</exception>
    public static SdmfVersion Decode(SdmfVersionShares version, MutableReadCap cap)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(cap);
        return Decrypt(version.First, version.Segment(), cap);
    }

    /// <summary>The key pair that the share carries for holders of the write cap.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadPrivateKey"/>.</exception>
    public static MutableKeys ReadKeys(SdmfShare share, MutableWriteCap cap)
    {
        ArgumentNullException.ThrowIfNull(share);
        ArgumentNullException.ThrowIfNull(cap);
        return ShareAuthorship.DecryptPrivateKey(share.EncryptedPrivateKey.Span, cap);
    }

    /// <summary>The tree over the one block of a share; an empty file has none, and the tree is a padding leaf.</summary>
    internal static MerkleTree BlockTreeOf(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            return MerkleTree.FromLeaves([]);
        }

        Span<byte> leaf = stackalloc byte[Digest.Length];
        TaggedHash.Compute(HashTags.Block, block, leaf);
        return MerkleTree.FromLeaves(leaf);
    }

    private static SdmfVersion Decrypt(SdmfShare share, ReadOnlySpan<byte> segment, MutableReadCap cap)
    {
        var content = new byte[share.DataLength];
        AesCtr.Transform(SegmentKey.Of(cap.ReadKey, share.Iv.Span), 0, segment[..content.Length], content);
        return new SdmfVersion(share.Seqnum, share.RootHash, content, share.PublicKey.ToArray(), share.Checkstring.ToArray());
    }

    internal static void VerifyBlock(SdmfShare share, int shareNumber)
    {
        var root = BlockTreeOf(share.Block.Span).Root;
        if (root != Digest.From(share.BlockTree.Span))
        {
            throw new DamagedShareException(ShareDamage.BadBlock, $"The block in share {shareNumber} is damaged.");
        }

        if (!HashChain.Verify(share.Chain.Span, shareNumber, share.N, root, share.RootHash))
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, $"The block hash in share {shareNumber} does not lead to the signed root.");
        }
    }
}
