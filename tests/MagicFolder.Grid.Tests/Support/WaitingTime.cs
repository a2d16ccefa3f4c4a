namespace MagicFolder.Grid.Tests.Support;

/// <summary>A clock on which waiting takes as long as something else takes.</summary>
internal sealed class WaitingTime(Func<Task> whatIsWaitedFor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _ = FireAsync(callback, state);
        return base.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private async Task FireAsync(TimerCallback callback, object? state)
    {
        await Task.Yield();
        await whatIsWaitedFor();
        callback(state);
    }
}
