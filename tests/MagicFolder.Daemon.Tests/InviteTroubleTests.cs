using System.Net;
using MagicFolder.Grid;

namespace MagicFolder.Daemon.Tests;

/// <summary>Invites that wait for an answer while the storage cannot be opened.</summary>
public sealed class InviteTroubleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;
    private volatile Exception? _trouble;
    private volatile int _troubles;

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

    /// <summary>From now on, and so many times already.</summary>
    private async Task LetFailAsync(Exception trouble, int times)
    {
        (_troubles, _trouble) = (0, trouble);
        while (_troubles < times) await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private IGrid Open(IGrid grid)
    {
        if (_trouble is not { } trouble) return grid;
        Interlocked.Increment(ref _troubles);
        throw trouble;
    }
}
