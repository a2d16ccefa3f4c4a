using MagicFolder.Tahoe;

namespace MagicFolder.Simulation.Clocks;

/// <summary>All chance of a run, from one seed: SplitMix64 (Steele, Lea, Flood 2014), the same on every platform and runtime.</summary>
internal sealed class SeededRandom(ulong seed) : IRandomSource
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to but without <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Goes on as a stream of this seed would begin.</summary>
    public void Restart(ulong seed) => _state = seed;

    /// <summary>An independent stream.</summary>
    public SeededRandom Split() => new(Next());

    public void Fill(Span<byte> destination)
    {
        foreach (ref byte b in destination) b = (byte)Next();
    }
}
