namespace MagicFolder.Snapshots.Packing;

/// <summary>A <see cref="SegmentedBuffer"/> as a stream: reads from its own position, writes at the end of the buffer.</summary>
internal sealed class SegmentedStream(SegmentedBuffer buffer) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => buffer.Length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> bytes)
    {
        int total = 0;
        while (total < bytes.Length)
        {
            int count = buffer.ReadAt(_position, bytes[total..]);
            if (count == 0) break;
            _position += count;
            total += count;
        }
        return total;
    }

    public override int Read(byte[] bytes, int offset, int count) => Read(bytes.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(bytes.Span));

    public override Task<int> ReadAsync(byte[] bytes, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(bytes.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> bytes) => buffer.Append(bytes);

    public override void Write(byte[] bytes, int offset, int count) => buffer.Append(bytes.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void SetLength(long value) => throw new NotSupportedException();
}
