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
    private readonly byte[] _blockHashes;

    private ChkShareReader(IShareSource source, ChkFileFacts facts, ChkShareLayout layout, byte[] blockHashes)
        => (_source, Facts, Layout, _blockHashes) = (source, facts, layout, blockHashes);

    internal ChkFileFacts Facts { get; }

    internal ChkShareLayout Layout { get; }

    internal ReadOnlySpan<byte> BlockHashes => _blockHashes;

    /// <summary>Verifies the hashes of a share.</summary>
    /// <param name="cap">The file.</param>
    /// <param name="share">Its share.</param>
    /// <param name="known">What a share of the same file has shown, so that its segment hashes are not read again. Null for the first one.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">The share is damaged, or of another file or encoding.</exception>
    internal static async ValueTask<ChkShareReader> OpenAsync(ChkVerifyCap cap, NumberedShare share, ChkFileFacts? known, CancellationToken cancel)
    {
        var source = share.Source;
        var header = await ReadAsync(source, 0, (int)Math.Min(ChkShareLayout.MaxHeaderSize, source.Length), cancel);
        var layout = ChkShareLayout.Parse(header, source.Length);
        var extensionBytes = await ReadUriExtensionAsync(source, layout, cap, cancel);
        var extension = known?.UriExtension ?? UriExtension.Parse(extensionBytes);
        if (ChkGeometry.ForReading(cap.Size, cap.K, extension.SegmentSize) is not { } geometry)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, "The segment size does not fit the file, or is beyond the limits.");
        }

        if (layout.Data + geometry.ShareDataSize > source.Length)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The share ends before its last block.");
        }

        var segmentHashes = known?.SegmentHashes ?? await ReadLeavesAsync(source, layout.CiphertextTree, geometry.SegmentCount, cancel);
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

        if (known is null && MerkleTree.FromLeaves(segmentHashes).Root != extension.CiphertextRoot)
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, "The segment hashes of the share do not lead to their root.");
        }

        return new ChkShareReader(source, known ?? new ChkFileFacts(geometry, extension, extensionBytes, segmentHashes), layout, blockHashes);
    }

    internal ValueTask ReadBlockAsync(int segment, Memory<byte> block, CancellationToken cancel)
        => _source.ReadAsync(Layout.Data + ((long)segment * Facts.Geometry.BlockSize), block, cancel);

    /// <summary>A range of the blocks, one behind the other.</summary>
    internal ValueTask ReadDataAsync(long offset, Memory<byte> destination, CancellationToken cancel) => _source.ReadAsync(Layout.Data + offset, destination, cancel);

    internal bool IsBlock(int segment, ReadOnlySpan<byte> block) => ChkFileFacts.LeafMatches(HashTags.Block, block, _blockHashes, segment);

    /// <summary>A section of the share.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.Truncated"/>.</exception>
    internal static async ValueTask<byte[]> ReadAsync(IShareSource source, long offset, int length, CancellationToken cancel)
    {
        if (offset > source.Length - length)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The share ends within one of its sections.");
        }

        var bytes = new byte[length];
        await source.ReadAsync(offset, bytes, cancel);
        return bytes;
    }

    private static async ValueTask<byte[]> ReadUriExtensionAsync(
        IShareSource source, ChkShareLayout layout, ChkVerifyCap cap, CancellationToken cancel)
    {
        var field = await ReadAsync(source, layout.UriExtension, layout.LengthFieldSize, cancel);
        var length = layout.Version == 1 ? BinaryPrimitives.ReadUInt32BigEndian(field) : BinaryPrimitives.ReadUInt64BigEndian(field);
        if (length > UriExtension.MaxLength)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, "The URI extension block is longer than any can be.");
        }

        var block = await ReadAsync(source, layout.UriExtension + layout.LengthFieldSize, (int)length, cancel);
        return TaggedHash.Compute(HashTags.UriExtension, block) == cap.UebHash
            ? block
            : throw new DamagedShareException(ShareDamage.UriExtensionMismatch, "The share is damaged or of another encoding: its URI extension block is not the one that the cap names.");
    }

    private static ValueTask<byte[]> ReadLeavesAsync(IShareSource source, long tree, int count, CancellationToken cancel)
        => ReadAsync(source, tree + ((long)(MerkleTree.WidthFor(count) - 1) * Digest.Length), count * Digest.Length, cancel);
}
