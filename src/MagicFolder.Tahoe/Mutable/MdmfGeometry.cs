using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The sizes that follow from length, k and segment size of an MDMF file (tahoe-mutable, sections 1 and 5). All in bytes.</summary>
internal readonly record struct MdmfGeometry
{
    internal const int SaltLength = 16;

    /// <summary>Bounds the memory for hash trees: 128 GiB at the segment size that writers use.</summary>
    private const int MaxSegmentCount = 1 << 20;

    private const int UnroundedSegmentSize = 128 * 1024;

    private MdmfGeometry(int k, int segmentSize, long length)
    {
        (K, SegmentSize, Length) = (k, segmentSize, length);
        SegmentCount = (int)((length + segmentSize - 1) / segmentSize);
    }

    internal int K { get; }

    /// <summary>A multiple of k.</summary>
    internal int SegmentSize { get; }

    /// <summary>Of the plaintext.</summary>
    internal long Length { get; }

    /// <summary>None for an empty file.</summary>
    internal int SegmentCount { get; }

    internal int BlockSize => SegmentSize / K;

    /// <summary>Of salts and blocks.</summary>
    internal long DataSize => SegmentCount == 0 ? 0 : OffsetOf(SegmentCount - 1) + SaltLength + SizeOfBlock(SegmentCount - 1);

    internal long TreeSize => (long)MerkleTree.NodeCountFor(SegmentCount) * Digest.Length;

    /// <summary>The segment size is the one that all writers use, and updates in place rely on.</summary>
    internal bool HasUsualSegments => SegmentSize == UsualSegmentSize(K);

    /// <summary>Null when these numbers are not those of a file, or of one beyond the limits.</summary>
    internal static MdmfGeometry? For(int k, long segmentSize, long length)
        => k >= 1 && segmentSize >= 1 && segmentSize <= ChkParameters.MaxSegmentSizeLimit && segmentSize % k == 0
            && length >= 0 && length <= segmentSize * MaxSegmentCount
            ? new MdmfGeometry(k, (int)segmentSize, length)
            : null;

    /// <summary>Of a file that is about to be written.</summary>
    internal static MdmfGeometry ForWriting(int k, long length)
        => For(k, UsualSegmentSize(k), length) ?? throw new ArgumentOutOfRangeException(nameof(length), length, "The file is longer than hash trees are held in memory for.");

    /// <summary>Without padding.</summary>
    internal int SizeOfSegment(int segment) => (int)Math.Min(SegmentSize, Length - ((long)segment * SegmentSize));

    /// <summary>Without the salt.</summary>
    internal int SizeOfBlock(int segment) => (SizeOfSegment(segment) + K - 1) / K;

    /// <summary>Where the salt and the block of a segment begin, from the first salt.</summary>
    internal long OffsetOf(int segment) => (long)segment * (SaltLength + BlockSize);

    private static int UsualSegmentSize(int k) => (UnroundedSegmentSize + k - 1) / k * k;
}
