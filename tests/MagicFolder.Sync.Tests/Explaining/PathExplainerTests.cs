using MagicFolder.Model.Paths;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Explaining;

public sealed class PathExplainerTests
{
    [Fact]
    public async Task TheMakerAndTheTimeOfWhatIsHereAreFound()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/x.txt", "one");
        await world.SyncAsync();
        using var view = world.View("bob");
        await using var reader = await HistoryReader.OpenAsync(view, world.Grid, TestContext.Current.CancellationToken);
        var log = await reader.ReadLogAsync(TestContext.Current.CancellationToken);

        var story = PathExplainer.Explain(view, RelativePath.Parse("d/x.txt"), log);
        story.Disk.ShouldBe(DiskFinding.AsRecorded);
        var dot = story.Record.ShouldNotBeNull().Dots.ShouldHaveSingleItem();
        story.PetnameOf(dot.Actor).ShouldBe("alice");
        story.Times[dot].ShouldBe(log.Snapshots.Last(s => s.Participant == "alice").TimeMs);
        (story.IsPending, story.IsConflict, story.IsUnpublished).ShouldBe((false, false, false));
    }

    [Theory]
    [InlineData("same.txt", DiskFinding.AsRecorded)]
    [InlineData("changed.txt", DiskFinding.Changed)]
    [InlineData("missing.txt", DiskFinding.Missing)]
    [InlineData("new.txt", DiskFinding.New)]
    [InlineData("nothing.txt", DiskFinding.Nothing)]
    public async Task TheDiskIsComparedWithWhatIsRecorded(string path, DiskFinding expected)
    {
        using var world = await EmbeddedWorld.StartAsync("alice");
        foreach (string name in new[] { "same.txt", "changed.txt", "missing.txt" }) world.Write("alice", name, name);
        await world.SyncAsync();
        world.Write("alice", "changed.txt", "changed since then");
        world.Delete("alice", "missing.txt");
        world.Write("alice", "new.txt", "new");
        using var view = world.View("alice");
        PathExplainer.Explain(view, RelativePath.Parse(path), log: null).Disk.ShouldBe(expected);
    }

    [Fact]
    public async Task ADirectoryThatIsNotThereIsToldNotThrown()
    {
        using var world = await EmbeddedWorld.StartAsync("alice");
        world.Write("alice", "x.txt", "one");
        await world.SyncAsync();
        Directory.Delete(world.At("alice", ""), recursive: true);
        using var view = world.View("alice");
        var story = PathExplainer.Explain(view, RelativePath.Parse("x.txt"), log: null);
        story.Disk.ShouldBe(DiskFinding.Unknown);
        story.DiskTrouble.ShouldNotBeNull();
    }

    [Fact]
    public async Task HeldDeletionsAreFoundOnBothSides()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        for (int i = 0; i < 60; i++) world.Write("alice", $"f{i}.txt", $"{i}");
        await world.SyncAsync();
        for (int i = 0; i < 59; i++) world.Delete("alice", $"f{i}.txt");
        await world.SyncAsync();
        ExplainAs(world, "alice", "f7.txt").Held.ShouldNotBeNull().Origin.ShouldBe(GuardOrigins.Local);
        ExplainAs(world, "alice", "f59.txt").Held.ShouldBeNull();
        ExplainAs(world, "bob", "f7.txt").Held.ShouldBeNull();
    }

    [Fact]
    public async Task AProblemAboveThePathIsFound()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/x.txt", "one");
        await world.SyncAsync();
        using (var state = State.ParticipantDatabase.Open(FolderConfiguration.DatabaseFile(world.StateDirectory, "alice")))
        {
            state.Problems.Put("scan", new Model.Problem("d", "permission denied", "give access to it"));
            state.Problems.Put("scan", new Model.Problem("dx", "permission denied", "give access to it"));
        }
        ExplainAs(world, "alice", "d/x.txt").Problems.ShouldHaveSingleItem().Path.ShouldBe("d");
    }

    private static PathStory ExplainAs(EmbeddedWorld world, string name, string path)
    {
        using var view = world.View(name);
        return PathExplainer.Explain(view, RelativePath.Parse(path), log: null);
    }
}
