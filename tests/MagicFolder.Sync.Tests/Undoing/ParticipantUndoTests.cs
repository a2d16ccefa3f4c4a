using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Sync.Undoing;

namespace MagicFolder.Sync.Tests.Undoing;

public sealed class ParticipantUndoTests
{
    [Fact]
    public async Task WhatWasChangedMadeAndDeletedIsAsBeforeForEverybody()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "changed", "good");
        world.Write("alice", "d/deleted", "here");
        world.Write("bob", "of bob", "before");
        world.Write("alice", "untouched", "same");
        await world.SyncAsync();
        long since = await LaterAsync();
        world.Write("bob", "changed", "bad!!");
        await world.SyncAsync();
        world.Write("bob", "changed", "worse!!!");
        world.Write("bob", "new/made", "junk");
        Directory.Delete(world.At("bob", "d"), recursive: true);
        await world.SyncAsync();

        var pretended = await UndoAsync(world, "alice", "bob", since, pretend: true);
        world.Read("alice", "changed").ShouldBe("worse!!!");
        var result = await UndoAsync(world, "alice", "bob", since);
        result.Paths.ShouldBe(pretended.Paths);
        result.Problems.ShouldBeEmpty();
        result.Paths.Select(one => (one.Path.ToString(), one.Action)).ShouldBe(
        [
            ("changed", UndoAction.Reverted), ("d", UndoAction.BroughtBack), ("d/deleted", UndoAction.BroughtBack), ("new", UndoAction.Removed), ("new/made", UndoAction.Removed),
        ]);
        foreach (string name in (string[])["alice", "bob"])
        {
            world.Names(name).ShouldBe(["changed", "d", "d/deleted", "of bob", "untouched"]);
            world.Read(name, "changed").ShouldBe("good");
            world.Read(name, "d/deleted").ShouldBe("here");
        }
        var again = await UndoAsync(world, "alice", "bob", since);
        (again.Paths.Length, again.Problems.Length).ShouldBe((0, 0));
    }

    [Fact]
    public async Task WhatSomebodyElseChangedAfterwardsStaysAndIsNamed()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "a", "one");
        world.Write("alice", "b", "one");
        world.Write("alice", "c", "one");
        await world.SyncAsync();
        long since = await LaterAsync();
        foreach (string path in (string[])["a", "b", "c"]) world.Write("bob", path, "by bob");
        await world.SyncAsync();
        world.Write("alice", "a", "alice again");
        world.Delete("alice", "b");
        await world.SyncAsync();

        var result = await UndoAsync(world, "alice", "bob", since);
        result.Paths.Select(one => one.Path.ToString()).ShouldBe(["c"]);
        result.Problems.Select(problem => problem.Path).ShouldBe(["a", "b"]);
        (world.Read("bob", "a"), world.Read("bob", "b"), world.Read("bob", "c")).ShouldBe(("alice again", null, "one"));
    }

    [Fact]
    public async Task GoesBackToWhatSomebodyElseMadeInBetweenNotFurther()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "x", "one");
        await world.SyncAsync();
        long since = await LaterAsync();
        world.Write("bob", "x", "bob");
        await world.SyncAsync();
        world.Write("alice", "x", "alice since");
        await world.SyncAsync();
        world.Write("bob", "x", "bob again");
        await world.SyncAsync();
        (await UndoAsync(world, "alice", "bob", since)).Problems.ShouldBeEmpty();
        world.Read("bob", "x").ShouldBe("alice since");
    }

    [Fact]
    public async Task WhatWasMadeEarlierOrByOthersIsNotTouched()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("bob", "early", "bob");
        await world.SyncAsync();
        long since = await LaterAsync();
        world.Write("alice", "late", "alice");
        await world.SyncAsync();
        var result = await UndoAsync(world, "bob", "bob", since);
        (result.Paths.Length, result.Problems.Length).ShouldBe((0, 0));
        world.Names("alice").ShouldBe(["early", "late"]);
        var error = await Should.ThrowAsync<RefusedException>(() => UndoAsync(world, "bob", "carol", since));
        error.Message.ShouldContain("alice, bob");
    }

    [Fact]
    public async Task AConflictIsLeftToBeSettled()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "x", "one");
        await world.SyncAsync();
        long since = await LaterAsync();
        world.Write("alice", "x", "of alice");
        world.Write("bob", "x", "of bob!");
        await world.SyncAsync();
        var result = await UndoAsync(world, "alice", "bob", since);
        result.Paths.ShouldBeEmpty();
        result.Problems.ShouldHaveSingleItem().Reason.ShouldContain("conflict");
        world.Read("alice", "x").ShouldBe("of alice");
    }

    /// <summary>A point in time after all that was published so far.</summary>
    private static async Task<long> LaterAsync()
    {
        await Task.Delay(5, TestContext.Current.CancellationToken);
        return TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    }

    private static async Task<UndoResult> UndoAsync(EmbeddedWorld world, string who, string by, long since, bool pretend = false)
    {
        await using var session = await world.OpenAsync();
        return await new ParticipantUndo(session, session.Participants.First(one => one.Name == who)).UndoAsync(new UndoRequest(by, since, pretend), TestContext.Current.CancellationToken);
    }
}
