using System.Net;
using MagicFolder.Grid;

namespace MagicFolder.Daemon.Tests;

/// <summary>Invites that wait for an answer while the storage cannot be opened.</summary>
public sealed class InviteTroubleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;
    private volatile Exception? _trouble;
    private volatile int _troubles;
    private volatile int _opened;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task WhatNobodyThoughtOfDoesNotEndTheCareForInvites()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop", around: Open);
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        await laptop.BecomesAsync("holiday", folder => folder.State == "in-sync");
        string code = await laptop.InviteAsync("holiday", "desktop");
        await LetFailAsync(new InvalidOperationException("Odd."), 1);
        (await laptop.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        (await laptop.PostAsync("/v1/magic-folder/holiday/resume")).ShouldBe("200 {}");
        await LetFailAsync(new InvalidOperationException("Odd."), 1);
        _trouble = null;
        (await desktop.JoinAsync(code, "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        await desktop.BecomesAsync("holiday", folder => folder.State == "in-sync");
    }

    [Fact]
    public async Task AStorageThatIsAwayIsToldOnce()
    {
        using var told = new ToldLines();
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop", around: Open, logs: told);
        await laptop.AddAsync("holiday", "laptop", "laptop");
        await laptop.BecomesAsync("holiday", folder => folder.State == "in-sync");
        await laptop.InviteAsync("holiday", "desktop");
        await LetFailAsync(new GridException(GridFailure.Unavailable, "The drive is away."), 4);
        told.All.Count(line => line.Contains("The drive is away.", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task WhatNobodyThoughtOfIsToldOnceOfAFolder()
    {
        using var told = new ToldLines();
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop", new HurriedTime(TimeSpan.FromSeconds(5)), Open, told);
        await laptop.AddAsync("holiday", "laptop", "laptop");
        await laptop.BecomesAsync("holiday", folder => folder.State == "in-sync");
        (await laptop.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        _trouble = new InvalidOperationException("Odd.");
        (await laptop.PostAsync("/v1/magic-folder/holiday/resume")).ShouldBe("200 {}");
        await LetFailAsync(_trouble, 4);
        told.All.Count(line => line == "holiday: unexpected").ShouldBe(1);
    }

    [Fact]
    public async Task AnInviteThatTheStorageHasLostIsShownAndToldOnce()
    {
        using var told = new ToldLines();
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop", around: Open, logs: told);
        await laptop.AddAsync("holiday", "laptop", "laptop");
        await laptop.BecomesAsync("holiday", folder => folder.State == "in-sync");
        string[] before = Shares();
        await laptop.InviteAsync("holiday", "desktop");
        foreach (string lost in Shares().Except(before)) File.Delete(lost);
        var problem = (await laptop.BecomesAsync("holiday", folder => folder.Problems.Count > 0)).Problems.ShouldHaveSingleItem();
        (problem.Path, problem.Advice).ShouldBe(("the invite of desktop", "it is looked at again; if that does not help, take it back and invite anew"));
        for (int seen = _opened; _opened < seen + 3;) await Task.Delay(20, TestContext.Current.CancellationToken);
        told.All.Count(line => line.Contains("the invite of desktop", StringComparison.Ordinal)).ShouldBe(1);
    }

    private string[] Shares() => Directory.GetFiles(Path.Combine(_root, "grid", "shares"), "*", SearchOption.AllDirectories);

    /// <summary>From now on, and so many times already.</summary>
    private async Task LetFailAsync(Exception trouble, int times)
    {
        (_troubles, _trouble) = (0, trouble);
        while (_troubles < times) await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private IGrid Open(IGrid grid)
    {
        Interlocked.Increment(ref _opened);
        if (_trouble is not { } trouble) return grid;
        Interlocked.Increment(ref _troubles);
        throw trouble;
    }
}
