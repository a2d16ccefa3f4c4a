using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.History;

public sealed class HistoryReaderTests
{
    private static readonly RelativePath Path = RelativePath.Parse("d/x.txt");

    [Fact]
    public async Task AllParticipantsSeeTheSameVersionsDeletionIncluded()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/x.txt", "one");
        await world.SyncAsync();
        world.Write("bob", "d/x.txt", "two!");
        await world.SyncAsync();
        world.Delete("alice", "d/x.txt");
        await world.SyncAsync();

        foreach (string name in new[] { "alice", "bob" })
        {
            using var view = world.View(name);
            await using var reader = await HistoryReader.OpenAsync(view, world.Grid, TestContext.Current.CancellationToken);
            var log = await reader.ReadLogAsync(TestContext.Current.CancellationToken);
            log.Problems.ShouldBeEmpty();
            log.Snapshots.Select(s => s.Participant).Distinct().Order().ShouldBe(["alice", "bob"]);
            log.Snapshots.Where(s => s.Participant == "alice").Select(s => s.Seq).ShouldBeInOrder(SortDirection.Descending);
            var versions = await reader.ReadPathAsync(log, Path, TestContext.Current.CancellationToken);
            versions.Select(v => (v.Participant, v.Value?.Size)).ShouldBe([("alice", null), ("bob", 4L), ("alice", 3L)]);
            foreach (var version in versions) log.Find(version.Snapshot.ShownVersion).ShouldBe(version.Snapshot);
        }
    }

    [Fact]
    public async Task ReadingLeavesTheStateAsItIs()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/x.txt", "one");
        await world.SyncAsync();
        world.Write("alice", "d/x.txt", "two");
        await world.SyncAsync();
        string database = System.IO.Path.Combine(world.StateDirectory, "participants", "bob.db");
        byte[] before = await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken);
        using (var view = world.View("bob"))
        {
            await using var reader = await HistoryReader.OpenAsync(view, world.Grid, TestContext.Current.CancellationToken);
            var log = await reader.ReadLogAsync(TestContext.Current.CancellationToken);
            (await reader.TrySummarizeAsync(log.Snapshots[^1], TestContext.Current.CancellationToken)).ShouldNotBeNull().Files.ShouldBe(1);
            (await reader.ReadPathAsync(log, Path, TestContext.Current.CancellationToken)).Count.ShouldBe(2);
        }
        (await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task AParticipantWithALostStateKeepsItsHistory()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/x.txt", "one");
        await world.SyncAsync();
        foreach (string file in Directory.GetFiles(System.IO.Path.Combine(world.StateDirectory, "participants"), "alice.db*")) File.Delete(file);
        await world.SyncAsync();
        world.Write("alice", "d/x.txt", "two!");
        await world.SyncAsync();

        using var view = world.View("bob");
        await using var reader = await HistoryReader.OpenAsync(view, world.Grid, TestContext.Current.CancellationToken);
        var log = await reader.ReadLogAsync(TestContext.Current.CancellationToken);
        var versions = await reader.ReadPathAsync(log, Path, TestContext.Current.CancellationToken);
        versions.Select(v => (v.Participant, v.Value?.Size)).ShouldBe([("alice", 4L), ("alice", 3L)]);
    }
}
