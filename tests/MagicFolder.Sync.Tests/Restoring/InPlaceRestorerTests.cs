using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Restoring;

public sealed class InPlaceRestorerTests
{
    [Fact]
    public async Task AFormerVersionComesBackOnAllSidesAsANewOne()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        string first = await PublishAsync(world, "d/x.txt", "one");
        await PublishAsync(world, "d/x.txt", "two!");
        var time = File.GetLastWriteTimeUtc(world.At("bob", "d/x.txt"));

        var result = await RestoreAsync(world, "bob", "d/x.txt", first);
        result.Problems.ShouldBeEmpty();
        result.Restored.ShouldBe(1);
        foreach (string name in new[] { "alice", "bob" })
        {
            world.Read(name, "d/x.txt").ShouldBe("one");
            world.Names(name).ShouldBe(["d", "d/x.txt"]);
            File.GetLastWriteTimeUtc(world.At(name, "d/x.txt")).ShouldBeLessThan(time);
        }
        (await HistoryAsync(world, "d/x.txt")).Select(v => (v.Participant, v.Value?.Size)).ShouldBe([("bob", 3L), ("alice", 4L), ("alice", 3L)]);
    }

    [Fact]
    public async Task ADeletedFileComesBackWithItsDirectory()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        string first = await PublishAsync(world, "d/e/x.txt", "one");
        Directory.Delete(world.At("bob", "d"), recursive: true);
        await world.SyncAsync();
        world.Names("alice").ShouldBeEmpty();

        (await RestoreAsync(world, "alice", "d/e/x.txt", first)).Restored.ShouldBe(1);
        world.Names("alice").ShouldBe(["d", "d/e", "d/e/x.txt"]);
        world.Names("bob").ShouldBe(["d", "d/e", "d/e/x.txt"]);
        world.Read("bob", "d/e/x.txt").ShouldBe("one");
        using var view = world.View("alice");
        view.State.Records.Find(RelativePath.Parse("d/e")).ShouldNotBeNull().Implied.ShouldBeFalse();
    }

    [Fact]
    public async Task ADirectoryComesBackAndKeepsWhatCameLater()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "d/gone.txt", "gone");
        world.Write("alice", "d/same.txt", "same");
        string first = await PublishAsync(world, "d/x.txt", "one");
        world.Delete("alice", "d/gone.txt");
        world.Write("alice", "d/later.txt", "later");
        await PublishAsync(world, "d/x.txt", "two!");

        var result = await RestoreAsync(world, "bob", "d", first);
        (result.Restored, result.Unchanged).ShouldBe((2, 2));
        foreach (string name in new[] { "alice", "bob" })
        {
            world.Names(name).ShouldBe(["d", "d/gone.txt", "d/later.txt", "d/same.txt", "d/x.txt"]);
            world.Read(name, "d/x.txt").ShouldBe("one");
            world.Read(name, "d/gone.txt").ShouldBe("gone");
        }
    }

    [Fact]
    public async Task WhatWasEditedJustNowIsInTheHistoryBeforeItIsReplaced()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        string first = await PublishAsync(world, "x.txt", "one");
        world.Write("alice", "x.txt", "never synchronized");
        await RestoreAsync(world, "alice", "x.txt", first);
        world.Read("bob", "x.txt").ShouldBe("one");
        var edited = (await HistoryAsync(world, "x.txt"))[1];
        edited.Value!.Size.ShouldBe("never synchronized".Length);
        await RestoreAsync(world, "bob", "x.txt", edited.Snapshot.ShownVersion);
        world.Read("alice", "x.txt").ShouldBe("never synchronized");
    }

    [Fact]
    public async Task AFileTakesThePlaceOfAnEmptyDirectoryAndADirectoryThatOfAFile()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "b/inside.txt", "inside");
        string first = await PublishAsync(world, "a", "a file");
        world.Delete("alice", "a");
        Directory.CreateDirectory(world.At("alice", "a"));
        Directory.Delete(world.At("alice", "b"), recursive: true);
        await PublishAsync(world, "b", "now a file");

        (await RestoreAsync(world, "alice", ".", first)).Problems.ShouldBeEmpty();
        foreach (string name in new[] { "alice", "bob" })
        {
            world.Names(name).ShouldBe(["a", "b", "b/inside.txt"]);
            world.Read(name, "a").ShouldBe("a file");
        }
    }

    [Fact]
    public async Task ADirectoryThatHoldsSomethingAndAFileAboveAreNotTakenAway()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "b/inside.txt", "inside");
        string first = await PublishAsync(world, "a", "a file");
        world.Delete("alice", "a");
        world.Write("alice", "a/new.txt", "new");
        Directory.Delete(world.At("alice", "b"), recursive: true);
        await PublishAsync(world, "b", "now a file");

        (await RestoreAsync(world, "alice", "a", first)).Problems.ShouldHaveSingleItem().Path.ShouldBe("a");
        (await RestoreAsync(world, "alice", "b/inside.txt", first)).Problems.ShouldHaveSingleItem().Path.ShouldBe("b");
        world.Names("alice").ShouldBe(["a", "a/new.txt", "b"]);
    }

    [Fact]
    public async Task AVersionWhoseContentIsGoneReplacesNothing()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        string first = await PublishAsync(world, "x.txt", "one");
        await PublishAsync(world, "x.txt", "two!");
        var contents = await PacksOfAsync(world, "x.txt", first);
        foreach (string share in contents) File.WriteAllBytes(share, new byte[new FileInfo(share).Length]);

        var problem = (await RestoreAsync(world, "bob", "x.txt", first)).Problems.ShouldHaveSingleItem();
        problem.Path.ShouldBe("x.txt");
        problem.Reason.ShouldContain("content");
        world.Read("bob", "x.txt").ShouldBe("two!");
        world.Read("alice", "x.txt").ShouldBe("two!");
        (await HistoryAsync(world, "x.txt")).Count.ShouldBe(2, "no version refers to what cannot be had");
    }

    [Fact]
    public async Task WhatNeverWasIsRefused()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        string first = await PublishAsync(world, "x.txt", "one");
        (await Should.ThrowAsync<RefusedException>(() => RestoreAsync(world, "bob", "y.txt", first))).Message.ShouldContain("y.txt");
        (await Should.ThrowAsync<RefusedException>(() => RestoreAsync(world, "bob", "x.txt", "0123456789"))).Message.ShouldContain("no version");
    }

    [Fact]
    public async Task APathInConflictIsLeftAlone()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        string first = await PublishAsync(world, "x.txt", "one");
        world.Write("alice", "x.txt", "from alice");
        world.Write("bob", "x.txt", "from bob");
        await world.SyncAsync();
        (await RestoreAsync(world, "bob", "x.txt", first)).Problems.ShouldHaveSingleItem().Reason.ShouldContain("conflict");
        world.Read("bob", "x.txt").ShouldBe("from bob");
    }

    /// <summary>Writes as alice and synchronizes; returns the id of the version.</summary>
    private static async Task<string> PublishAsync(EmbeddedWorld world, string path, string text)
    {
        world.Write("alice", path, text);
        await world.SyncAsync();
        return (await HistoryAsync(world, path))[0].Snapshot.ShownVersion;
    }

    private static async Task<IReadOnlyList<PathVersion>> HistoryAsync(EmbeddedWorld world, string path)
    {
        using var view = world.View("alice");
        await using var reader = await HistoryReader.OpenAsync(view, world.Grid, TestContext.Current.CancellationToken);
        return await reader.ReadPathAsync(await reader.ReadLogAsync(TestContext.Current.CancellationToken), RelativePath.Parse(path), TestContext.Current.CancellationToken);
    }

    /// <summary>The share files that hold the content of a version.</summary>
    private static async Task<IReadOnlyList<string>> PacksOfAsync(EmbeddedWorld world, string path, string version)
    {
        var value = (await HistoryAsync(world, path)).First(v => v.Snapshot.ShownVersion == version).Value!;
        using var view = world.View("alice");
        return [.. view.State.Blobs.Find(value.Content).Select(location =>
            ((Tahoe.Capabilities.ChkCap)Tahoe.Capabilities.Cap.Parse(location.Pack.Reveal())).StorageIndex.ToString())
            .SelectMany(index => Directory.GetFiles(Path.Combine(world.GridDirectory, "shares", index[..2], index)))];
    }

    private static async Task<RestoreResult> RestoreAsync(EmbeddedWorld world, string name, string path, string version)
    {
        await using var session = await world.OpenAsync();
        var request = new RestoreRequest(path == "." ? RelativePath.Root : RelativePath.Parse(path), version, null);
        return await new InPlaceRestorer(session, session.Participants.First(p => p.Name == name)).RestoreAsync(request, TestContext.Current.CancellationToken);
    }
}
