namespace MagicFolder.Simulation.Clocks;

/// <summary>A clock that stands still until it is advanced. Timers never fire.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly long EpochTicks = DateTimeOffset.UnixEpoch.Ticks;

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public long NowNs { get; private set; } = 1_800_000_000_000_000_000;

    public override long TimestampFrequency => 1_000_000_000;

    /// <summary>Another clock that shows the same.</summary>
    public SimulatedTime Copy() => new() { NowNs = NowNs };

    public void Advance(long ns) => NowNs += ns;

    public override DateTimeOffset GetUtcNow() => new(EpochTicks + (NowNs / 100), TimeSpan.Zero);

    public override long GetTimestamp() => NowNs;
}
