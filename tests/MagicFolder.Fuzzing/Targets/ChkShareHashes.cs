using System.Buffers.Binary;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>The hashes of a share that may be damaged, made right as a hostile encoder would.</summary>
internal static class ChkShareHashes
{
    public static Digest UriExtensionHash(ReadOnlySpan<byte> share) =>
        TryLayout(share, out var layout) && TryUriExtension(share, layout, out var extension) ? TaggedHash.Compute(HashTags.UriExtension, share[extension]) : default;

    /// <summary>
    /// Segment hashes, block hashes, chain and both roots, in place; stops where sections do not fit. With k greater than 1 one share does not tell the segments: their hashes stay.
    /// </summary>
    public static void MakeRight(Span<byte> share, long size, int k, int n, int number)
    {
        if (!TryLayout(share, out var layout) || !TryUriExtension(share, layout, out var extension)) return;
        if (TryParse(share[extension]) is not { } parsed || ChkGeometry.ForReading(size, k, parsed.SegmentSize) is not { } geometry) return;
        int leaves = (MerkleTree.WidthFor(geometry.SegmentCount) - 1) * Digest.Length;
        int length = geometry.SegmentCount * Digest.Length;
        if (layout.Data + geometry.ShareDataSize > share.Length || layout.CiphertextTree + leaves + length > share.Length || layout.BlockTree + leaves + length > share.Length) return;
        var segmentHashes = share.Slice((int)layout.CiphertextTree + leaves, length);
        var blockHashes = share.Slice((int)layout.BlockTree + leaves, length);
        for (int s = 0; s < geometry.SegmentCount; s++)
        {
            var block = share.Slice((int)layout.Data + (s * geometry.BlockSize), geometry.SizeOfBlock(s));
            if (k == 1) TaggedHash.Compute(HashTags.CiphertextSegment, block, segmentHashes.Slice(s * Digest.Length, Digest.Length));
            TaggedHash.Compute(HashTags.Block, block, blockHashes.Slice(s * Digest.Length, Digest.Length));
        }
        if (number >= n) return;
        var roots = new byte[n * Digest.Length];
        MerkleTree.FromLeaves(blockHashes).Root.CopyTo(roots.AsSpan(number * Digest.Length));
        var shareTree = MerkleTree.FromLeaves(roots);
        var chain = HashChain.Write(shareTree, MerkleTree.ChainOf(number, n, withLeaf: true));
        if (layout.UriExtension - layout.Chain == chain.Length) chain.CopyTo(share[(int)layout.Chain..]);
        Patch(share[extension], "crypttext_root_hash:32:"u8, MerkleTree.FromLeaves(segmentHashes).Root);
        Patch(share[extension], "share_root_hash:32:"u8, shareTree.Root);
    }

    private static bool TryLayout(ReadOnlySpan<byte> share, out ChkShareLayout layout)
    {
        try
        {
            layout = ChkShareLayout.Parse(share[..Math.Min(share.Length, ChkShareLayout.MaxHeaderSize)], share.Length);
            return true;
        }
        catch (DamagedShareException)
        {
            layout = default;
            return false;
        }
    }

    private static bool TryUriExtension(ReadOnlySpan<byte> share, ChkShareLayout layout, out Range range)
    {
        range = default;
        long start = layout.UriExtension + layout.LengthFieldSize;
        if (start > share.Length) return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(share[(int)(start - 4)..]);
        if (length > share.Length - start) return false;
        range = (int)start..(int)(start + length);
        return true;
    }

    private static UriExtension? TryParse(ReadOnlySpan<byte> block)
    {
        try
        {
            return UriExtension.Parse(block);
        }
        catch (DamagedShareException)
        {
            return null;
        }
    }

    private static void Patch(Span<byte> block, ReadOnlySpan<byte> field, Digest hash)
    {
        int at = block.IndexOf(field);
        if (at >= 0 && block.Length - at - field.Length >= Digest.Length) hash.CopyTo(block[(at + field.Length)..]);
    }
}
