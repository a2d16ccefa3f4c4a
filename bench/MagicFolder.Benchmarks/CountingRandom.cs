using MagicFolder.Tahoe;

namespace MagicFolder.Benchmarks;

/// <summary>Keys that differ from one another, and nothing more.</summary>
internal sealed class CountingRandom : IRandomSource
{
    private byte _next;

    public void Fill(Span<byte> destination) => destination.Fill(++_next);
}
