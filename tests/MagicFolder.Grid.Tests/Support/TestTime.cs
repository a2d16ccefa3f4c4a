namespace MagicFolder.Grid.Tests.Support;

/// <summary>A clock that goes only when somebody waits: then at once by as much as is waited for.</summary>
internal sealed class TestTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Since the beginning.</summary>
    internal TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    internal void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero) Pass(dueTime);
        return base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }
}
