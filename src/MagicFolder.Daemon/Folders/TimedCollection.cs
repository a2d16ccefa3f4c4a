namespace MagicFolder.Daemon.Folders;

/// <summary>When the daemon frees storage by itself: first when it has run for some hours, then every so many days; sooner again when not all could be done.</summary>
/// <param name="collect">Does it; false when something stood against it.</param>
/// <param name="days">How often; 0 for never. May change.</param>
/// <param name="time">By which it is waited.</param>
internal sealed class TimedCollection(Func<CancellationToken, Task<bool>> collect, Func<int> days, TimeProvider time)
{
    private const int FirstHours = 3;
    private const int AgainHours = 6;
    private const int HoursOfDay = 24;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        int hours = 0;
        bool? wasDone = null;
        while (true)
        {
            await Task.Delay(Hour, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancel.IsCancellationRequested) return;
            hours++;
            int interval = days();
            if (interval == 0 || hours < Wait(wasDone, interval)) continue;
            (wasDone, hours) = (await collect(cancel), 0);
        }
    }

    private static int Wait(bool? wasDone, int interval) => wasDone switch
    {
        null => FirstHours,
        true => interval * HoursOfDay,
        false => AgainHours,
    };
}
