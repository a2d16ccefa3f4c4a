using System.Buffers;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>One share of an MDMF file. Blocks are not kept; they are untrusted when read.</summary>
internal sealed class MdmfShareReader : MutableShareReader
{
    private byte[] _blockHashes = [];

    private MdmfShareReader(NumberedShare share, MdmfHeader header)
        : base(share, header.Claim) => Header = header;

    internal MdmfHeader Header { get; }

    /// <summary>32 bytes for each segment, verified up to the signed root.</summary>
    internal ReadOnlySpan<byte> BlockHashes => _blockHashes;

    /// <summary>Takes the sections from the first bytes, where all writers put them, and reads those that stand elsewhere.</summary>
    /// <param name="share">The share.</param>
    /// <param name="head">Its first bytes.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">Truncated, of another version, or with contradictions.</exception>
    internal static async ValueTask<MdmfShareReader> OpenAsync(NumberedShare share, byte[] head, CancellationToken cancel)
    {
        var source = share.Source;
        var header = MdmfHeader.Parse(head, source.Length);
        return new MdmfShareReader(share, header)
        {
            EncryptedPrivateKey = await SectionAsync(header.PrivateKeyAt, header.ChainAt),
            Chain = await SectionAsync(header.ChainAt, header.SignatureAt),
            Signature = await SectionAsync(header.SignatureAt, header.PublicKeyAt),
            PublicKey = await SectionAsync(header.PublicKeyAt, header.PublicKeyEnd),
        };

        async ValueTask<ReadOnlyMemory<byte>> SectionAsync(long at, long end)
            => end <= head.Length ? head.AsMemory((int)at..(int)end) : await ReadAsync(source, at, (int)(end - at), cancel);
    }

    /// <summary>Reads the block hashes and verifies that they lead to the signed root. The inner nodes are computed instead of read.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadHashTree"/>.</exception>
    internal override async ValueTask VerifyHashesAsync(CancellationToken cancel)
    {
        var count = Header.Geometry.SegmentCount;
        var leaves = count == 0 ? [] : await ReadAsync(Share.Source, Header.TreeAt + ((long)(MerkleTree.WidthFor(count) - 1) * Digest.Length), count * Digest.Length, cancel);
        if (!HashChain.Verify(Chain.Span, Number, Header.N, MerkleTree.FromLeaves(leaves).Root, Header.RootHash))
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, $"The block hashes of share {Number} do not lead to the signed root.");
        }

        _blockHashes = leaves;
    }

    /// <summary>Compares the inner nodes with those computed, and reads every block. Takes the memory of one block and of the tree.</summary>
    internal override async ValueTask VerifyBlocksAsync(CancellationToken cancel)
    {
        var tree = MerkleTree.FromLeaves(_blockHashes).Serialized;
        var stored = await ReadAsync(Share.Source, Header.TreeAt, tree.Length, cancel);
        if (!tree.Span.SequenceEqual(stored))
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, $"An inner node of the hash tree in share {Number} is damaged.");
        }

        var geometry = Header.Geometry;
        var buffer = ArrayPool<byte>.Shared.Rent(MdmfGeometry.SaltLength + (geometry.SegmentCount == 0 ? 0 : geometry.SizeOfBlock(0)));
        try
        {
            for (var s = 0; s < geometry.SegmentCount; s++)
            {
                await ReadBlockAsync(s, buffer.AsMemory(0, MdmfGeometry.SaltLength + geometry.SizeOfBlock(s)), cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads salt and block of a segment and verifies them.</summary>
    /// <param name="segment">Its number.</param>
    /// <param name="saltAndBlock">As long as they are.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadBlock"/>.</exception>
    internal async ValueTask ReadBlockAsync(int segment, Memory<byte> saltAndBlock, CancellationToken cancel)
    {
        await Share.Source.ReadAsync(Header.DataAt + Header.Geometry.OffsetOf(segment), saltAndBlock, cancel);
        if (TaggedHash.Compute(HashTags.Block, saltAndBlock.Span) != Digest.From(_blockHashes.AsSpan(segment * Digest.Length, Digest.Length)))
        {
            throw new DamagedShareException(ShareDamage.BadBlock, $"Block {segment} of share {Number} is damaged.");
        }
    }
}
