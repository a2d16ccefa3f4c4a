namespace MagicFolder.Tahoe.Mutable;

/// <summary>The plain content of one version of a mutable file, by random access. Whatever is given out is verified. Safe for concurrent use.</summary>
public interface IMutableReader
{
    /// <summary>In bytes.</summary>
    long Size { get; }

    /// <summary>Fills <paramref name="destination"/> with plain bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not wholly within the file.</exception>
    /// <exception cref="DamagedShareException">What is needed cannot be had from k shares. What is in <paramref name="destination"/> then must not be used.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel);
}
