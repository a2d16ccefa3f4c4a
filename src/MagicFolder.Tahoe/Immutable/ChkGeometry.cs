namespace MagicFolder.Tahoe.Immutable;

/// <summary>The sizes that follow from file size, k and segment size (tahoe-immutable, section 2). All in bytes.</summary>
internal readonly record struct ChkGeometry
{
    /// <summary>Bounds the memory for hash trees: 1 TiB at the default segment size.</summary>
    internal const int MaxSegmentCount = 1 << 20;

    private ChkGeometry(long size, int k, int segmentSize)
    {
        (Size, K, SegmentSize) = (size, k, segmentSize);
        SegmentCount = (int)((size + segmentSize - 1) / segmentSize);
        TailSize = (int)(size - ((long)(SegmentCount - 1) * segmentSize));
    }

    internal long Size { get; }

    internal int K { get; }

    /// <summary>A multiple of k; may exceed the file size by up to k-1.</summary>
    internal int SegmentSize { get; }

    internal int SegmentCount { get; }

    /// <summary>Size of the last segment without padding.</summary>
    internal int TailSize { get; }

    internal int PaddedTailSize => RoundUp(TailSize, K);

    internal int BlockSize => SegmentSize / K;

    internal long ShareDataSize => ((long)BlockSize * (SegmentCount - 1)) + (PaddedTailSize / K);

    /// <summary>Of a file that is about to be written.</summary>
    internal static ChkGeometry ForWriting(long size, ChkParameters parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var segmentSize = RoundUp((int)Math.Min(parameters.MaxSegmentSize, size), parameters.K);
        if ((size + segmentSize - 1) / segmentSize > MaxSegmentCount)
        {
            throw new ArgumentOutOfRangeException(nameof(size), "Files of more than 2^20 segments need larger segments.");
        }

        return new ChkGeometry(size, parameters.K, segmentSize);
    }

    /// <summary>Of a file as its cap and its URI extension block describe it; null if they go beyond the limits.</summary>
    internal static ChkGeometry? ForReading(long size, int k, long segmentSize)
    {
        if (size < 1 || segmentSize < 1 || segmentSize > ChkParameters.MaxSegmentSizeLimit || segmentSize % k != 0)
        {
            return null;
        }

        return (size - 1) / segmentSize < MaxSegmentCount ? new ChkGeometry(size, k, (int)segmentSize) : null;
    }

    internal int SizeOfSegment(int segment) => segment == SegmentCount - 1 ? TailSize : SegmentSize;

    internal int SizeOfBlock(int segment) => segment == SegmentCount - 1 ? PaddedTailSize / K : BlockSize;

    private static int RoundUp(int value, int multiple) => checked((value + multiple - 1) / multiple * multiple);
}
