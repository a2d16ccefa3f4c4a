namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>The same salts in every run.</summary>
internal sealed class SeededSalts(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
