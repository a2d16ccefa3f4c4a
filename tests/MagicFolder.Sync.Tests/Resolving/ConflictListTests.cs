using MagicFolder.Model.Paths;
using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Resolving;

public sealed class ConflictListTests
{
    [Fact]
    public async Task EachParticipantSeesItsOwnVersionInPlace()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/same.txt", "same");
        world.Write("alice", "d/x.txt", "from alice");
        world.Write("bob", "d/x.txt", "from bob, longer");
        await world.SyncAsync();

        foreach (string name in new[] { "alice", "bob" })
        {
            using var view = world.View(name);
            var conflict = ConflictList.Of(view).ShouldHaveSingleItem();
            conflict.Path.ShouldBe(RelativePath.Parse("d/x.txt"));
            conflict.Siblings.Length.ShouldBe(2);
            conflict.Siblings[0].Participant.ShouldBe(name);
            conflict.Siblings[0].File.ShouldBe(conflict.Path);
            foreach (var sibling in conflict.Siblings) world.Read(name, sibling.File!.Value.ToString()).ShouldBe(sibling.Participant == "alice" ? "from alice" : "from bob, longer");
        }
    }

    [Fact]
    public async Task AFileAgainstADirectoryIsListed()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "thing/inside.txt", "inside");
        world.Write("bob", "thing", "a file");
        await world.SyncAsync();

        using var view = world.View("bob");
        var conflict = ConflictList.Of(view).ShouldHaveSingleItem();
        conflict.Path.ShouldBe(RelativePath.Parse("thing"));
        conflict.Siblings.ShouldContain(sibling => sibling.Participant == "bob" && sibling.File != null && sibling.File != conflict.Path);
    }

    [Fact]
    public async Task AViewIsPossibleWhileTheStateIsBeingWorkedOn()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "x.txt", "from alice");
        world.Write("bob", "x.txt", "from bob");
        await using var session = await world.OpenAsync();
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        using var view = world.View("alice");
        ConflictList.Of(view).Count.ShouldBe(1);
    }

    [Fact]
    public async Task WhoNeverTookPartHasNoView()
    {
        using var world = await EmbeddedWorld.StartAsync("alice");
        Should.Throw<FolderUnavailableException>(() => world.View("alice")).Message.ShouldContain("sync");
    }
}
