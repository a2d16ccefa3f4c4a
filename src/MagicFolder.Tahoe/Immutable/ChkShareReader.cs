using System.Buffers.Binary;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// One share of an immutable file whose hashes have been verified down from its cap. Block bytes are still untrusted when read. Safe for concurrent
/// use.
/// </summary>
/// <remarks>
/// Trees are verified from their leaves: the inner nodes in the share are recomputed instead of read, and only the leaves are kept (32 bytes per segment and tree). With
/// at most 2^20 segments that bounds the memory.
/// </remarks>
internal sealed class ChkShareReader
{
    private readonly IShareSource _source;
    private readonly long _dataOffset;
    private readonly byte[] _segmentHashes;
    private readonly byte[] _blockHashes;

    private ChkShareReader(IShareSource source, in ChkGeometry geometry, long dataOffset, byte[] segmentHashes, byte[] blockHashes)
    {
        (_source, Geometry, _dataOffset) = (source, geometry, dataOffset);
        (_segmentHashes, _blockHashes) = (segmentHashes, blockHashes);
    }

    internal ChkGeometry Geometry { get; }

    internal static async ValueTask<ChkShareReader> OpenAsync(ChkVerifyCap cap, NumberedShare share, CancellationToken cancel)
    {
        var source = share.Source;
        var header = await ReadAsync(source, 0, (int)Math.Min(ChkShareLayout.MaxHeaderSize, source.Length), cancel);
        var layout = ChkShareLayout.Parse(header, source.Length);
        var extension = await ReadUriExtensionAsync(source, layout, cap, cancel);
        if (ChkGeometry.ForReading(cap.Size, cap.K, extension.SegmentSize) is not { } geometry)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, "The segment size does not fit the file, or is beyond the limits.");
        }

        if (layout.Data + geometry.ShareDataSize > source.Length)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The share ends before its last block.");
        }

        var segmentHashes = await ReadLeavesAsync(source, layout.CiphertextTree, geometry.SegmentCount, cancel);
        var blockHashes = await ReadLeavesAsync(source, layout.BlockTree, geometry.SegmentCount, cancel);
        var chainLength = layout.UriExtension - layout.Chain;
        if (chainLength > MerkleTree.NodeCountFor(cap.N) * HashChain.EntrySize)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, "The share hash chain is longer than any can be.");
        }

        var chain = await ReadAsync(source, layout.Chain, (int)chainLength, cancel);
        if (!HashChain.Verify(chain, share.Number, cap.N, MerkleTree.FromLeaves(blockHashes).Root, extension.ShareRoot))
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, "The block hashes of the share do not lead to its root.");
        }

        if (MerkleTree.FromLeaves(segmentHashes).Root != extension.CiphertextRoot)
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, "The segment hashes of the share do not lead to their root.");
        }

        return new ChkShareReader(source, geometry, layout.Data, segmentHashes, blockHashes);
    }

    internal ValueTask ReadBlockAsync(int segment, Memory<byte> block, CancellationToken cancel)
        => _source.ReadAsync(_dataOffset + ((long)segment * Geometry.BlockSize), block, cancel);

    internal bool IsSegment(int segment, ReadOnlySpan<byte> ciphertext) => Matches(HashTags.CiphertextSegment, ciphertext, _segmentHashes, segment);

    internal bool IsBlock(int segment, ReadOnlySpan<byte> block) => Matches(HashTags.Block, block, _blockHashes, segment);

    private static bool Matches(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> bytes, byte[] leaves, int leaf)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        TaggedHash.Compute(tag, bytes, hash);
        return hash.SequenceEqual(leaves.AsSpan(leaf * Digest.Length, Digest.Length));
    }

    private static async ValueTask<UriExtension> ReadUriExtensionAsync(
        IShareSource source, ChkShareLayout layout, ChkVerifyCap cap, CancellationToken cancel)
    {
        var field = await ReadAsync(source, layout.UriExtension, layout.LengthFieldSize, cancel);
        var length = layout.Version == 1 ? BinaryPrimitives.ReadUInt32BigEndian(field) : BinaryPrimitives.ReadUInt64BigEndian(field);
        if (length > UriExtension.MaxLength)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, "The URI extension block is longer than any can be.");
        }

        var block = await ReadAsync(source, layout.UriExtension + layout.LengthFieldSize, (int)length, cancel);
        if (TaggedHash.Compute(HashTags.UriExtension, block) != cap.UebHash)
        {
            throw new DamagedShareException(ShareDamage.UriExtensionMismatch, "The share is damaged or of another encoding: its URI extension block is not the one that the cap names.");
        }

        return UriExtension.Parse(block);
    }

    private static ValueTask<byte[]> ReadLeavesAsync(IShareSource source, long tree, int count, CancellationToken cancel)
        => ReadAsync(source, tree + ((long)(MerkleTree.WidthFor(count) - 1) * Digest.Length), count * Digest.Length, cancel);

    private static async ValueTask<byte[]> ReadAsync(IShareSource source, long offset, int length, CancellationToken cancel)
    {
        if (offset > source.Length - length)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The share ends within one of its sections.");
        }

        var bytes = new byte[length];
        await source.ReadAsync(offset, bytes, cancel);
        return bytes;
    }
}
