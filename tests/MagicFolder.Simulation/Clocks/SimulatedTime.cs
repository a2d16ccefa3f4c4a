namespace MagicFolder.Simulation.Clocks;

/// <summary>A clock that stands still until it is advanced. Who waits for it does not wait: it is advanced by so much at once. So nothing that is only to be waited for so long can be timed by it.</summary>
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

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("Nothing fires again and again here.");
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Advance((long)dueTime.TotalNanoseconds);
            callback(state);
        }
        return new PastTimer();
    }

    private sealed class PastTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
            // It has fired.
        }

        public ValueTask DisposeAsync() => default;
    }
}
