using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Packing;

/// <summary>Blobs that are hashed and compressed before it is their turn to go into a pack. One thread at a time until they are packed; then they can be disposed of.</summary>
/// <param name="compress">Where that helps, as packs do.</param>
public sealed class PreparedBlobs(bool compress = true) : IDisposable
{
    private readonly LargeBuffers _buffers = new(SegmentedBuffer.SegmentLength);
    private SegmentedBuffer? _buffer;

    internal SegmentedBuffer Buffer => _buffer ??= new SegmentedBuffer(_buffers);

    /// <param name="plain">At most 8 MiB; copied or compressed before this returns.</param>
    public PreparedBlob Add(ReadOnlySpan<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, Framing.BlobLimits.MaxPlainLength);
        long offset = Buffer.Length;
        bool isDeflated = compress && BlobCompression.TryAppend(Buffer, plain);
        if (!isDeflated) Buffer.Append(plain);
        var location = new BlobLocation(default, offset, (int)(Buffer.Length - offset), plain.Length, isDeflated ? BlobEncoding.Deflate : BlobEncoding.Plain);
        return new PreparedBlob(BlobId.Of(plain), location, Buffer);
    }

    public void Dispose()
    {
        _buffer?.Dispose();
        _buffers.Dispose();
    }
}
