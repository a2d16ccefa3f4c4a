using MagicFolder.Model.Paths;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Tests.KnownPains;
using MagicFolder.Sync.Undoing;

namespace MagicFolder.Sync.Tests.Undoing;

/// <summary>Going back where clocks are wrong: what is taken back, and to what, follows from who had seen what.</summary>
public sealed class WrongClockTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan To2000 = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UtcNow;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task WhatWasEditedAfterAnotherWithAClockAheadGoesBackToThatOnes(bool wasThere, bool sinceByTheClockAhead)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        if (wasThere) all.World.Write("bob", "x", "first");
        await RunAsync(all, default, "bob");
        await RunAsync(all, TimeSpan.FromHours(1), "alice");
        all.World.Write("alice", "x", "by alice");
        await RunAsync(all, TimeSpan.FromHours(1), "alice");
        await RunAsync(all, default, "bob");
        long since = await NowAsync(sinceByTheClockAhead ? TimeSpan.FromHours(1) : default);
        all.World.Write("bob", "x", "by bob!!");
        await RunAsync(all, default, "bob");
        await RunAsync(all, TimeSpan.FromHours(1), "alice");

        var result = await UndoAsync(all, since);
        result.Problems.ShouldBeEmpty();
        result.Paths.ShouldBe([new UndonePath(RelativePath.Parse("x"), UndoAction.Reverted)]);
        await RunAsync(all, default, "bob");
        foreach (string name in (string[])["alice", "bob"]) all.World.Read(name, "x").ShouldBe("by alice");
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(-9000)]
    [InlineData(400)]
    public async Task OfOneWhoseClockIsFarFromOursOnlyWhatCameSinceIsUndone(int days)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        foreach (string path in (string[])["early", "late"]) all.World.Write("alice", path, "first");
        await RunAsync(all, default, "alice");
        await RunAsync(all, days * Day, "bob");
        all.World.Write("bob", "early", "by bob");
        await RunAsync(all, days * Day, "bob");
        await RunAsync(all, default, "alice");
        long since = await NowAsync(default);
        all.World.Write("bob", "late", "by bob");
        await RunAsync(all, days * Day, "bob");
        await RunAsync(all, default, "alice");

        (await UndoAsync(all, since)).Paths.Select(one => one.Path.ToString()).ShouldBe(["late"]);
        (all.World.Read("alice", "early"), all.World.Read("alice", "late")).ShouldBe(("by bob", "first"));
    }

    [Fact]
    public async Task ASnapshotFromWhenTheOwnClockStoodIn2000DoesNotHideWhatOthersChanged()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "x", "first");
        await all.RunWellAsync("alice", "bob");
        long since = await NowAsync(default);
        all.World.Write("bob", "x", "by bob");
        await all.RunWellAsync("bob", "alice");
        all.World.Write("alice", "other", "while the clock is wrong");
        await RunAsync(all, To2000, "alice");

        (await UndoAsync(all, since)).Paths.Select(one => one.Path.ToString()).ShouldBe(["x"]);
        all.World.Read("alice", "x").ShouldBe("first");
    }

    [Fact]
    public async Task ASnapshotFromWhenTheClockStoodIn2000IsNotTakenForAnOldOne()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "x", "three days ago");
        await RunAsync(all, -3 * Day, "alice");
        all.World.Write("alice", "x", "today");
        await RunAsync(all, To2000, "alice");
        all.Time = TimeProvider.System;

        await using (var session = await all.OpenAsync("alice"))
        {
            var request = new RestoreRequest(RelativePath.Parse("x"), null, await NowAsync(-2 * Day));
            (await new InPlaceRestorer(session, session.Participants[0]).RestoreAsync(request, TestContext.Current.CancellationToken)).Restored.ShouldBe(1);
        }
        all.World.Read("alice", "x").ShouldBe("three days ago");
    }

    private static Task RunAsync(Neighbourhood all, TimeSpan shift, string name)
    {
        all.Time = new ShiftedTime(shift);
        return all.RunWellAsync(name);
    }

    /// <summary>A point in time, by a clock that is wrong by so much, after all that was published by then.</summary>
    private static async Task<long> NowAsync(TimeSpan shift)
    {
        await Task.Delay(5, TestContext.Current.CancellationToken);
        return (DateTimeOffset.UtcNow + shift).ToUnixTimeMilliseconds();
    }

    /// <summary>On alice, whose clock is as it was in the last run.</summary>
    private static async Task<UndoResult> UndoAsync(Neighbourhood all, long since)
    {
        await using var session = await all.OpenAsync("alice");
        return await new ParticipantUndo(session, session.Participants[0]).UndoAsync(new UndoRequest("bob", since, false), TestContext.Current.CancellationToken);
    }
}
