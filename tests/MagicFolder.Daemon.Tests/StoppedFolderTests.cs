namespace MagicFolder.Daemon.Tests;

/// <summary>A folder that is stopped, and tried again ever later.</summary>
public sealed class StoppedFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task WhoAsksDoesNotWaitForTheNextTryOfAFolderThatIsStopped()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root, time: new EndlessPauses());
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.BecomesAsync("holiday", folder => folder.State == "in-sync");
        Directory.Move(daemon.At("laptop"), daemon.At("away"));
        await daemon.BecomesAsync("holiday", folder => folder.State == "stopped");
        (await ScanAsync()).ShouldStartWith("409 ");
        Directory.Move(daemon.At("away"), daemon.At("laptop"));
        (await ScanAsync()).ShouldBe("200 {}");
        (await daemon.FolderAsync("holiday")).State.ShouldBe("in-sync");

        Task<string> ScanAsync() => daemon.PostAsync("/v1/magic-folder/holiday/scan-local").WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>The time of the system, in which whoever waits for as long as after a failure waits for ever.</summary>
    private sealed class EndlessPauses : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime >= TimeSpan.FromSeconds(5) ? Timeout.InfiniteTimeSpan : dueTime, period);
    }
}
