namespace MagicFolder.Sync.Tests.Guarding;

internal sealed class SettableTime : TimeProvider
{
    private TimeSpan _passed;

    internal DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>What setting <see cref="Now"/> does not do: time passes, by the clock, too.</summary>
    internal void Pass(TimeSpan time)
    {
        _passed += time;
        Now += time;
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => _passed.Ticks;
}
