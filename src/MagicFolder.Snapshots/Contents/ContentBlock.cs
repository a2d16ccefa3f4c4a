using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// A buffer in which the bytes of a content arrive, and from which chunks are cut. It goes back when its owner and all chunks in it have released it. One thread at a time;
/// others may read what is in it.
/// </summary>
/// <param name="buffers">Lends it; of <see cref="Length"/>.</param>
internal sealed class ContentBlock(LargeBuffers buffers)
{
    /// <summary>The longest chunk, and as much as is read at once.</summary>
    public const int Length = Chunker.MaxLength + (1024 * 1024);

    private byte[]? _buffer = buffers.Rent();
    private int _users = 1;

    public Memory<byte> Memory => (_buffer ?? throw new ObjectDisposedException(nameof(ContentBlock))).AsMemory(0, Length);

    /// <summary>Is it in use by others than its owner?</summary>
    public bool IsShared => _users > 1;

    public void Share() => _users++;

    public void Release()
    {
        if (--_users > 0 || _buffer is null) return;
        buffers.Return(_buffer);
        _buffer = null;
    }
}
