namespace MagicFolder.Tahoe.Mutable;

/// <summary>The content of an SDMF version, which is put together as a whole.</summary>
internal sealed class SdmfContent(ReadOnlyMemory<byte> content) : IMutableReader
{
    public long Size => content.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size - destination.Length);
        cancel.ThrowIfCancellationRequested();
        content.Slice((int)offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
