using MagicFolder.Grid;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Tests.Identity;
using MagicFolder.Sync.Tests.KnownPains;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Resolving;

public sealed class ConflictResolverTests
{
    private static readonly RelativePath Path = RelativePath.Parse("d/x.txt");

    [Fact]
    public async Task MineStaysAndIsOnAllSides()
    {
        using var world = await InConflictAsync();
        var result = await ResolveAsync(world, "bob", Path, "mine");
        result.IsSettled.ShouldBeTrue();
        result.Cleared.Length.ShouldBe(2);
        ShouldHaveEverywhere(world, "from bob");
    }

    [Fact]
    public async Task TheVersionOfAnotherTakesThePlaceOnAllSides()
    {
        using var world = await InConflictAsync();
        var result = await ResolveAsync(world, "alice", Path, "carol");
        result.Participant.ShouldBe("carol");
        result.IsSettled.ShouldBeTrue();
        ShouldHaveEverywhere(world, "from carol");
    }

    [Fact]
    public async Task AConflictFileMeansItsMainPath()
    {
        using var world = await InConflictAsync();
        RelativePath file;
        using (var view = world.View("alice")) file = view.State.ConflictFiles.ForMain(Path)[0].File;
        (await ResolveAsync(world, "alice", file, "mine")).Path.ShouldBe(Path);
        ShouldHaveEverywhere(world, "from alice");
    }

    [Fact]
    public async Task AnEditedConflictFileIsNeverRemoved()
    {
        using var world = await InConflictAsync();
        world.Write("alice", "d/x.conflict-bob.txt", "merged by hand");
        foreach (string take in new[] { "mine", "bob", "carol" })
            (await Should.ThrowAsync<RefusedException>(() => ResolveAsync(world, "alice", Path, take))).Message.ShouldContain("x.conflict-bob.txt");
        world.Read("alice", "d/x.conflict-bob.txt").ShouldBe("merged by hand");
        world.Read("alice", "d/x.txt").ShouldBe("from alice");
    }

    [Fact]
    public async Task AnEditMadeBeforeIsCapturedFirstAndStaysInTheHistory()
    {
        using var world = await InConflictAsync();
        world.Write("alice", "d/x.txt", "edited since the last round");
        await ResolveAsync(world, "alice", Path, "bob");
        ShouldHaveEverywhere(world, "from bob");
        using var view = world.View("alice");
        view.State.Activity.For(Path, 20).ShouldContain(row => row.Kind == "captured");
    }

    [Fact]
    public async Task DeletingTheConflictFilesMeanwhileSettlesItWithoutUs()
    {
        using var world = await InConflictAsync();
        world.Delete("alice", "d/x.conflict-bob.txt");
        world.Delete("alice", "d/x.conflict-carol.txt");
        (await Should.ThrowAsync<RefusedException>(() => ResolveAsync(world, "alice", Path, "bob"))).Message.ShouldContain("not in conflict");
        ShouldHaveEverywhere(world, "from alice");
    }

    [Fact]
    public async Task ADirectoryThatHoldsSomethingIsNotTakenAway()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "thing/inside.txt", "inside");
        world.Write("bob", "thing", "a file");
        await world.SyncAsync();
        var thing = RelativePath.Parse("thing");
        (await Should.ThrowAsync<RefusedException>(() => ResolveAsync(world, "alice", thing, "bob"))).Message.ShouldContain("directory");
        (await ResolveAsync(world, "alice", thing, "mine")).IsSettled.ShouldBeTrue();
        world.Names("alice").ShouldBe(["thing", "thing/inside.txt"]);
        world.Names("bob").ShouldBe(["thing", "thing/inside.txt"]);
    }

    [Fact]
    public async Task AFileIsTakenOverAnEmptyDirectory()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        Directory.CreateDirectory(world.At("alice", "thing"));
        world.Write("bob", "thing", "a file");
        await world.SyncAsync();
        (await ResolveAsync(world, "alice", RelativePath.Parse("thing"), "bob")).IsSettled.ShouldBeTrue();
        world.Read("alice", "thing").ShouldBe("a file");
        world.Names("alice").ShouldBe(["thing"]);
        world.Names("bob").ShouldBe(["thing"]);
    }

    [Theory]
    [InlineData("mine", "mine", "from alice", "from bob")]
    [InlineData("bob", "alice", "from bob", "from alice")]
    [InlineData("mine", "carol", "from alice", "from carol")]
    public async Task TwoWhoDecideForDifferentVersionsAtTheSameTimeAreInConflictAgain(string alices, string bobs, string atAlice, string atBob)
    {
        using var all = await DecideAtTheSameTimeAsync(alices, bobs);
        all.World.Read("alice", "d/x.txt").ShouldBe(atAlice);
        all.World.Read("bob", "d/x.txt").ShouldBe(atBob);
        foreach (string name in new[] { "alice", "bob" }) all.Contents(name).ShouldBe(new[] { atAlice, atBob }.Order(StringComparer.Ordinal));
        await ResolveAsync(all.World, "alice", Path, "mine");
        ShouldHaveEverywhere(all.World, atAlice);
    }

    [Theory]
    [InlineData("mine", "alice", "from alice")]
    [InlineData("bob", "mine", "from bob")]
    [InlineData("carol", "carol", "from carol")]
    public async Task TwoWhoDecideForTheSameVersionAtTheSameTimeHaveSettledIt(string alices, string bobs, string text)
    {
        using var all = await DecideAtTheSameTimeAsync(alices, bobs);
        ShouldHaveEverywhere(all.World, text);
        all.World.Delete("carol", "d/x.txt");
        await all.RunWellAsync("carol", "alice", "bob");
        foreach (string name in new[] { "alice", "bob" }) all.World.Names(name).ShouldBe(["d"]);
    }

    [Fact]
    public async Task ADirectoryAndAFileDecidedForAtTheSameTimeAreInConflictAgain()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        Directory.CreateDirectory(all.World.At("alice", "thing"));
        all.World.Write("bob", "thing", "a file");
        await all.World.SyncAsync();
        await DecideAtTheSameTimeAsync(all, RelativePath.Parse("thing"), "mine", "bob");
        Directory.Exists(all.World.At("alice", "thing")).ShouldBeTrue();
        all.Contents("alice").ShouldBe(["a file"]);
    }

    /// <summary>Neither knows of what the other decides.</summary>
    private static async Task<Neighbourhood> DecideAtTheSameTimeAsync(string alices, string bobs)
    {
        var all = await Neighbourhood.StartAsync("alice", "bob", "carol");
        foreach (string name in new[] { "alice", "bob", "carol" }) all.World.Write(name, "d/x.txt", $"from {name}");
        await all.World.SyncAsync();
        await DecideAtTheSameTimeAsync(all, Path, alices, bobs);
        await all.RunWellAsync("carol");
        return all;
    }

    private static async Task DecideAtTheSameTimeAsync(Neighbourhood all, RelativePath path, string alices, string bobs)
    {
        var former = new TamperingGrid(all.Grid);
        former.Show(all.PersonalOf("alice"), await all.Grid.ReadMutableAsync(all.PersonalOf("alice"), TestContext.Current.CancellationToken));
        await ResolveAloneAsync(all.World, all.Grid, "alice", path, alices);
        await ResolveAloneAsync(all.World, former, "bob", path, bobs);
        await all.RunWellAsync("alice", "bob");
    }

    private static async Task ResolveAloneAsync(EmbeddedWorld world, IGrid grid, string name, RelativePath path, string take)
    {
        var environment = new SessionEnvironment(grid, TimeProvider.System, EmbeddedWorld.Random, new EngineOptions());
        await using var session = await FolderSession.OpenAsync(
            world.Folder with { Participants = [world.Participant(name)] }, world.StateDirectory, environment, TestContext.Current.CancellationToken);
        (await new ConflictResolver(session, session.Participants[0]).ResolveAsync(path, take, TestContext.Current.CancellationToken)).IsSettled.ShouldBeTrue();
    }

    private static async Task<EmbeddedWorld> InConflictAsync()
    {
        string[] names = ["alice", "bob", "carol"];
        var world = await EmbeddedWorld.StartAsync(names);
        foreach (string name in names) world.Write(name, "d/x.txt", $"from {name}");
        await world.SyncAsync();
        world.Names("alice").Count.ShouldBe(4);
        return world;
    }

    private static async Task<ResolveResult> ResolveAsync(EmbeddedWorld world, string name, RelativePath path, string take)
    {
        await using var session = await world.OpenAsync();
        var participant = session.Participants.First(p => p.Name == name);
        return await new ConflictResolver(session, participant).ResolveAsync(path, take, TestContext.Current.CancellationToken);
    }

    private static void ShouldHaveEverywhere(EmbeddedWorld world, string text)
    {
        foreach (string name in new[] { "alice", "bob", "carol" })
        {
            world.Names(name).ShouldBe(["d", "d/x.txt"]);
            world.Read(name, "d/x.txt").ShouldBe(text);
            using var view = world.View(name);
            ConflictList.Of(view).ShouldBeEmpty();
        }
    }
}
