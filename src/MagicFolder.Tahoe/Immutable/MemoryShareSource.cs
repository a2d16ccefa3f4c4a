namespace MagicFolder.Tahoe.Immutable;

/// <summary>A share that is in memory.</summary>
public sealed class MemoryShareSource(ReadOnlyMemory<byte> share) : IShareSource
{
    public long Length => share.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        share.Slice(checked((int)offset), destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
