using System.Buffers;
using MagicFolder.Snapshots.Chunking;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// A pooled buffer in which the bytes of a content arrive, and from which chunks are cut. It goes back when its owner and all chunks in it have released it. One thread at a time;
/// others may read what is in it.
/// </summary>
internal sealed class ContentBlock
{
    /// <summary>Twice the longest chunk, so that each byte is moved at most once while boundaries are looked for.</summary>
    public const int Length = 2 * Chunker.MaxLength;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(Length);
    private int _users = 1;

    public Memory<byte> Memory => (_buffer ?? throw new ObjectDisposedException(nameof(ContentBlock))).AsMemory(0, Length);

    /// <summary>Is it in use by others than its owner?</summary>
    public bool IsShared => _users > 1;

    public void Share() => _users++;

    public void Release()
    {
        if (--_users > 0 || _buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
