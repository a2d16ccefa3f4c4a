namespace MagicFolder.Tahoe.Immutable;

/// <summary>The bytes of one share (without its container), by random access. Safe for concurrent use. Untrusted: everything read is verified.</summary>
public interface IShareSource
{
    /// <summary>Length of the share in bytes. Does not change.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/>; all of it lies within <see cref="Length"/>.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel);
}
