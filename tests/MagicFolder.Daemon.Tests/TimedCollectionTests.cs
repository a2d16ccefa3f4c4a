using MagicFolder.Daemon.Folders;

namespace MagicFolder.Daemon.Tests;

/// <summary>When storage is freed without anybody asking for it.</summary>
public sealed class TimedCollectionTests
{
    [Fact]
    public async Task FirstAfterThreeHoursThenEveryDayAndSoonerAfterAFailure()
    {
        var time = new CountingTime();
        var at = new List<int>();
        using var stop = new CancellationTokenSource();
        var collection = new TimedCollection(
            _ =>
            {
                at.Add(time.Hours);
                if (at.Count == 5) stop.Cancel();
                return Task.FromResult(at.Count != 2);
            },
            () => 1,
            time);
        await collection.RunAsync(stop.Token);
        at.ShouldBe([3, 27, 33, 57, 81]);
    }

    [Fact]
    public async Task NeverMeansNeverUntilItIsChanged()
    {
        var time = new CountingTime();
        var at = new List<int>();
        using var stop = new CancellationTokenSource();
        var collection = new TimedCollection(
            _ =>
            {
                at.Add(time.Hours);
                if (at.Count == 2) stop.Cancel();
                return Task.FromResult(true);
            },
            () => time.Hours < 100 ? 0 : 7,
            time);
        await collection.RunAsync(stop.Token);
        at.ShouldBe([100, 100 + (7 * 24)]);
    }

    /// <summary>Whoever waits for an hour has waited at once.</summary>
    private sealed class CountingTime : TimeProvider
    {
        internal int Hours { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            dueTime.ShouldBe(TimeSpan.FromHours(1));
            Hours++;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
