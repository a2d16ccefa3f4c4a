namespace MagicFolder.Grid;

/// <summary>An opened immutable file. Reads may run concurrently.</summary>
public interface IImmutableFile : IAsyncDisposable
{
    long Size { get; }

    /// <summary>Fills <paramref name="destination"/> with verified plain bytes from <paramref name="offset"/>; all of them must lie within the file.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel);

    /// <summary>
    /// The same for whoever verifies the bytes anyhow: they may be wrong where those of <see cref="ReadAsync"/> would be right, or where it would say what is wrong.
    /// </summary>
    ValueTask ReadUnverifiedAsync(long offset, Memory<byte> destination, CancellationToken cancel) => ReadAsync(offset, destination, cancel);
}
