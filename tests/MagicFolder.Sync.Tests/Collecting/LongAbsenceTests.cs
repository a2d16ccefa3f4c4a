namespace MagicFolder.Sync.Tests.Collecting;

public sealed class LongAbsenceTests
{
    /// <summary>For longer than any lease of bob's lasts, while alice goes on and frees what she can, every ten days.</summary>
    [Fact]
    public async Task WhoIsAwayForTwoMonthsFindsAllThatItKnewAndBringsItsOwnEdits()
    {
        using var world = await TwoComputers.StartAsync();
        for (int i = 0; i < 20; i++) world.Write("alice", $"{i}", $"{i} of alice");
        for (int i = 20; i < 40; i++) world.Write("bob", $"{i}", $"{i} of bob");
        await world.SyncAsync("alice", "bob", "alice", "bob");

        world.Write("bob", "1", "edited by bob, away");
        world.Write("bob", "21", "of bob, edited away");
        world.Write("bob", "both", "made by bob, away");
        world.Write("bob", "new", "new of bob");
        File.Delete(world.At("bob", "2"));
        world.Write("alice", "3", "edited by alice");
        world.Write("alice", "both", "made by alice");
        File.Delete(world.At("alice", "1"));
        File.Delete(world.At("alice", "22"));
        int freed = 0;
        for (int tenDays = 0; tenDays < 6; tenDays++)
        {
            world.Time.Now += TimeSpan.FromDays(10);
            await world.ChangeOftenAsync("alice", "y", times: 24);
            var collected = await world.CollectAsync("alice");
            collected.Reason.ShouldBeNull();
            freed += collected.Freed;
        }
        freed.ShouldBeGreaterThan(50);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();

        await world.SyncAsync("bob", "alice", "bob");
        string[] expected =
        [
            // 2 was deleted by bob, 22 by alice; the edit of 1 beats its deletion.
            .. Enumerable.Range(0, 40).Where(i => i is not (2 or 22)).Select(i => $"{i}"), "both", "new", "y",
        ];
        foreach (var (name, other) in new[] { ("alice", "bob"), ("bob", "alice") })
        {
            Directory.GetFiles(world.At(name, "")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(expected.Append($"both.conflict-{other}").Order(StringComparer.Ordinal), name);
            world.Read(name, "1").ShouldBe("edited by bob, away");
            world.Read(name, "3").ShouldBe("edited by alice");
            world.Read(name, "21").ShouldBe("of bob, edited away");
            world.Read(name, "23").ShouldBe("23 of bob");
            world.Read(name, "new").ShouldBe("new of bob");
            world.Read(name, "both").ShouldBe(name == "alice" ? "made by alice" : "made by bob, away");
            world.Read(name, $"both.conflict-{other}").ShouldBe(name == "alice" ? "made by bob, away" : "made by alice");
            (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue(name);
        }
    }
}
