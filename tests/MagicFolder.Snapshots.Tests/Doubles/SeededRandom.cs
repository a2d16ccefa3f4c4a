using MagicFolder.Tahoe;

namespace MagicFolder.Snapshots.Tests.Doubles;

internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
