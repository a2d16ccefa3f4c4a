using System.Net;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Daemon.Tests;

/// <summary>Whoever waits for a folder to be looked at while something else is done with it.</summary>
public sealed class WaitingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task WhoWaitsIsToldThatItWasPaused()
    {
        var (daemon, asked, _) = await AskAsync();
        await using var ends = daemon;
        (await daemon.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        (await asked).ShouldStartWith("409 ");
        (await asked).ShouldContain("paused");
    }

    [Fact]
    public async Task WhoWaitsIsToldThatItWasLeft()
    {
        var (daemon, asked, _) = await AskAsync();
        await using var ends = daemon;
        using var left = await daemon.Client.DeleteAsync("/v1/magic-folder/holiday", TestContext.Current.CancellationToken);
        left.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await asked).ShouldStartWith("409 ");
        (await asked).ShouldContain("not here any more");
    }

    [Fact]
    public async Task WhoWaitsIsAnsweredByWhatWasBegunAnew()
    {
        var (daemon, asked, gate) = await AskAsync();
        await using var ends = daemon;
        (await daemon.SendAsync("/v1/config", new SettingRequest("scanSeconds", 77), ApiJson.Default.SettingRequest)).Status.ShouldBe(HttpStatusCode.OK);
        asked.IsCompleted.ShouldBeFalse();
        gate.Open();
        (await asked).ShouldBe("200 {}");
        (await daemon.FolderAsync("holiday")).Files.ShouldBe(1);
    }

    [Fact]
    public async Task WhoWaitsDoesNotKeepTheDaemonFromEnding()
    {
        var (daemon, asked, _) = await AskAsync();
        await using var ends = daemon;
        await daemon.StopAsync();
        (await asked).ShouldStartWith("503 ");
        (await asked).ShouldContain("being stopped");
    }

    [Fact]
    public async Task WhoComesAfterOneThatLeavesDoesNothingWithTheFolder()
    {
        using var opening = new HeldOpening();
        await using var daemon = await RunningDaemon.StartAsync(_root, around: opening.Pass);
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.BecomesAsync("holiday", folder => folder.State == "in-sync");
        opening.Hold();
        var working = daemon.PostAsync("/v1/magic-folder/holiday/confirm");
        await opening.Reached;
        var leaving = daemon.Client.DeleteAsync("/v1/magic-folder/holiday", TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        Task<string>[] after = [.. new[] { "confirm", "recover", "pause", "resume" }.Select(what => daemon.PostAsync($"/v1/magic-folder/holiday/{what}"))];
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        opening.Release();
        (await working).ShouldBe("200 {}");
        using var left = await leaving;
        left.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (string answer in await Task.WhenAll(after).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken))
            answer.ShouldSatisfyAllConditions(() => answer.ShouldStartWith("409 "), () => answer.ShouldContain("not here any more"));
        Directory.GetDirectories(daemon.At("config-one/folders")).ShouldBeEmpty();
        File.Exists(daemon.At("laptop/.magic-folder/folder.json")).ShouldBeFalse();
    }

    /// <summary>A folder that is looked at, and somebody who waits for that; it goes on when the gate is opened.</summary>
    private async Task<(RunningDaemon Daemon, Task<string> Asked, GridGate Gate)> AskAsync()
    {
        var gate = new GridGate();
        var daemon = await RunningDaemon.StartAsync(_root, around: gate.Around);
        Directory.CreateDirectory(daemon.At("laptop"));
        File.WriteAllText(daemon.At("laptop/x.txt"), "x");
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await gate.Reached;
        var asked = daemon.PostAsync("/v1/magic-folder/holiday/scan-local");
        // Enough for the question to be there.
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        return (daemon, asked, gate);
    }
}
