namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// Bytes that only grow at their end, in pooled segments: as large as what was written and no larger, without copies at growth. One thread at a
/// time; a reading stream must not outlive the buffer.
/// </summary>
/// <param name="buffers">Lends the segments; of <see cref="SegmentLength"/>.</param>
internal sealed class SegmentedBuffer(LargeBuffers buffers) : IDisposable
{
    public const int SegmentLength = 1024 * 1024;

    private readonly List<byte[]> _segments = [];

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int at = (int)(Length % SegmentLength);
            int index = (int)(Length / SegmentLength);
            if (index == _segments.Count) _segments.Add(buffers.Rent());
            int count = Math.Min(bytes.Length, SegmentLength - at);
            bytes[..count].CopyTo(_segments[index].AsSpan(at));
            bytes = bytes[count..];
            Length += count;
        }
    }

    /// <summary>Appends a range of another buffer.</summary>
    public void Append(SegmentedBuffer other, long offset, int length)
    {
        while (length > 0)
        {
            int at = (int)(offset % SegmentLength);
            int count = Math.Min(length, SegmentLength - at);
            Append(other._segments[(int)(offset / SegmentLength)].AsSpan(at, count));
            offset += count;
            length -= count;
        }
    }

    /// <summary>Takes back what was appended after the buffer had this length.</summary>
    public void Truncate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    public int ReadAt(long offset, Span<byte> destination)
    {
        int at = (int)(offset % SegmentLength);
        int count = (int)Math.Min(Math.Min(destination.Length, SegmentLength - at), Length - offset);
        if (count <= 0) return 0;
        _segments[(int)(offset / SegmentLength)].AsSpan(at, count).CopyTo(destination);
        return count;
    }

    public void Dispose()
    {
        foreach (byte[] segment in _segments) buffers.Return(segment);
        _segments.Clear();
        Length = 0;
    }
}
