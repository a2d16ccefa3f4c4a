namespace MagicFolder.Grid.Servers;

/// <summary>
/// The data of one share, opened for reading: a consistent version, even when the share is replaced meanwhile. Reads may run concurrently.
/// </summary>
public interface IShareHandle : IAsyncDisposable
{
    /// <summary>Bytes of share data. An immutable share may be followed by some bytes that do not belong to it (see docs/formats/storage-directory.md, section 3).</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>. Fails with <see cref="GridFailure.Damaged"/> beyond the end.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel);
}
