using System.Buffers;

namespace MagicFolder.Snapshots.Packing;

/// <summary>The bytes of a blob in a pooled buffer. Disposing gives the buffer back; the memory must not be used afterwards.</summary>
public sealed class BlobBytes : IDisposable
{
    private byte[]? _buffer;
    private ReadOnlyMemory<byte> _memory;

    /// <param name="length">Bytes needed.</param>
    internal BlobBytes(int length)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(length);
        _memory = _buffer.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Memory => _memory;

    public int Length => _memory.Length;

    internal byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(BlobBytes));

    internal void Narrow(ReadOnlyMemory<byte> part) => _memory = part;

    public void Dispose()
    {
        if (_buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _memory = default;
    }
}
