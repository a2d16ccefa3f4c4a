using System.Buffers;

namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// Buffers of one large length for one piece of work, which come from the shared pool and go back to it at the end. In between they go round here: the shared pool would keep one for
/// each thread that ever gave one back. One thread at a time.
/// </summary>
internal sealed class LargeBuffers(int length) : IDisposable
{
    private readonly Stack<byte[]> _free = new();

    /// <summary>At least as long as was said.</summary>
    public byte[] Rent() => _free.TryPop(out byte[]? buffer) ? buffer : ArrayPool<byte>.Shared.Rent(length);

    public void Return(byte[] buffer) => _free.Push(buffer);

    /// <summary>Gives back what is not lent. May be used again.</summary>
    public void Dispose()
    {
        while (_free.TryPop(out byte[]? buffer)) ArrayPool<byte>.Shared.Return(buffer);
    }
}
