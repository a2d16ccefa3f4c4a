namespace MagicFolder.Daemon.Tests;

/// <summary>The time of the system, in which whoever waits long waits for a moment.</summary>
/// <param name="from">What counts as long; null for an hour.</param>
internal sealed class HurriedTime(TimeSpan? from = null) : TimeProvider
{
    private readonly TimeSpan _long = from ?? TimeSpan.FromHours(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(40);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= _long ? Moment : dueTime, period);
}
