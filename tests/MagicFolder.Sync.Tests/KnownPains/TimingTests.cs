namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>What users do in the moments between the steps of the engine.</summary>
public sealed class TimingTests
{
    [Fact]
    public async Task AnEditMadeBetweenScanAndOverwriteStandsBesideTheOther()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice");

        bool acted = false;
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            // The other's version is being staged: the scan is over.
            if (acted || call != nameof(ActingDisk.CreateFile) || !path.IsReserved) return;
            acted = true;
            all.World.Write("bob", "file", "by bob");
        }));
        await all.RunWellAsync("bob", "alice");

        acted.ShouldBeTrue();
        all.World.Read("bob", "file").ShouldBe("by bob");
        all.Contents("bob").ShouldBe(["by alice", "by bob"]);
        all.Contents("alice").ShouldBe(["by alice", "by bob"]);
    }

    [Fact]
    public async Task AChangeWhileItsPredecessorUploadsFollowsItWithoutAConflict()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        var grid = new ActingGrid(all.Grid);
        all.Grid = grid;
        all.World.Write("alice", "file", "first");
        int edits = 0;
        grid.BeforePut = () =>
        {
            if (edits++ < 3) all.World.Write("alice", "file", $"edit {edits}");
        };
        await all.RunWellAsync("alice", "bob");
        await all.RunWellAsync("alice", "bob");

        edits.ShouldBeGreaterThan(1);
        string last = all.World.Read("alice", "file")!;
        last.ShouldStartWith("edit");
        all.World.Names("alice").ShouldBe(["file"]);
        all.World.Read("bob", "file").ShouldBe(last);
        all.World.Names("bob").ShouldBe(["file"]);
    }

    [Fact]
    public async Task ACrashBetweenPublishingAndRecordingPublishesNothingTwice()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        var grid = new ActingGrid(all.Grid);
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        var heads = new HashSet<string>();
        long? first = null;
        grid.AfterPublish = (seqnum, head) =>
        {
            heads.Add(Convert.ToHexString(head));
            if (first is not null) return;
            first = seqnum;
            throw new InvalidOperationException("the power is gone");
        };
        all.Grid = grid;
        all.World.Write("alice", "file", "second");
        await Should.ThrowAsync<InvalidOperationException>(() => all.RunAsync("alice"));
        all.World.Write("alice", "file", "third");
        // One after the other: at the same time bob may acknowledge each of hers.
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob");

        all.World.Read("bob", "file").ShouldBe("third");
        all.World.Names("bob").ShouldBe(["file"]);
        heads.Count.ShouldBe(3, "the second of alice, her third, and bob's acknowledgement");
        (await all.Grid.ReadMutableAsync(all.PersonalOf("alice"), TestContext.Current.CancellationToken)).Seqnum.ShouldBe(first!.Value + 1);
    }

    [Fact]
    public async Task AClockSetYearsBackOrForwardDecidesNothing()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        foreach (int year in new[] { 1971, 2199, 1999, 2038 })
        {
            all.Time = new ShiftedTime(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UtcNow);
            all.World.Write("bob", "file", $"by bob in {year}");
            await all.RunWellAsync("bob");
            all.Time = TimeProvider.System;
            await all.RunWellAsync("alice");
            all.World.Read("alice", "file").ShouldBe($"by bob in {year}");
            all.World.Write("alice", "file", $"by alice after {year}");
            await all.RunWellAsync("alice", "bob");
            all.World.Read("bob", "file").ShouldBe($"by alice after {year}");
        }
        all.World.Names("alice").ShouldBe(["file"]);
        all.World.Names("bob").ShouldBe(["file"]);
    }

    [Fact]
    public async Task WhatOthersChangeComesToAComputerWhoseClockIsBehind()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("bob", "file", "by bob");
        all.Time = ShiftedTime.AYearBehind;
        await all.RunWellAsync("bob");
        all.Time = TimeProvider.System;
        await all.RunWellAsync("alice");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice");

        all.Time = ShiftedTime.AYearBehind;
        await all.RunWellAsync("bob");

        all.World.Read("bob", "file").ShouldBe("by alice");
        all.World.Names("bob").ShouldBe(["file"]);
    }

    [Fact]
    public async Task AConflictFileOfAStateThatWasLostIsOneByAClockThatIsBehindToo()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "of alice");
        all.World.Write("bob", "file", "of bob");
        await all.RunWellAsync("alice");
        await all.RunAsync("bob");
        await all.RunAsync("alice");
        all.World.Read("bob", "file.conflict-alice").ShouldBe("of alice");
        File.Delete(Path.Combine(all.World.StateDirectory, "participants", "bob.db"));

        all.Time = ShiftedTime.AYearBehind;
        await all.RunAsync("bob");
        all.Time = TimeProvider.System;
        await all.RunAsync("alice");

        all.World.Names("alice").ShouldBe(["file", "file.conflict-bob"]);
        all.World.Names("bob").ShouldBe(["file", "file.conflict-alice"]);
        // And it goes when the conflict is settled.
        all.World.Delete("alice", "file.conflict-bob");
        await all.RunWellAsync("alice");
        all.Time = ShiftedTime.AYearBehind;
        await all.RunWellAsync("bob");
        all.World.Names("bob").ShouldBe(["file"]);
        all.World.Read("bob", "file").ShouldBe("of alice");
    }

    [Fact]
    public async Task EditsOnAComputerWithAWrongClockConflictLikeAnyOthers()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice");
        all.World.Write("bob", "file", "by bob");
        File.SetLastWriteTimeUtc(all.World.At("bob", "file"), new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        all.Time = new ShiftedTime(TimeSpan.FromDays(-365 * 40));
        await all.RunWellAsync("bob");
        all.Time = TimeProvider.System;
        await all.RunWellAsync("alice");

        all.Contents("alice").ShouldBe(["by alice", "by bob"]);
        all.Contents("bob").ShouldBe(["by alice", "by bob"]);
    }
}
