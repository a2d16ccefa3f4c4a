namespace MagicFolder.Grid.Tests.Support;

/// <summary>A clock whose timers fire a thousand times sooner.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 1000 : dueTime, period);
}
