namespace MagicFolder.Grid;

/// <summary>A file whose bytes stand in its cap.</summary>
internal sealed class LiteralFile(ReadOnlyMemory<byte> data) : IImmutableFile
{
    public long Size => data.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size - destination.Length);
        cancel.ThrowIfCancellationRequested();
        data.Slice((int)offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
