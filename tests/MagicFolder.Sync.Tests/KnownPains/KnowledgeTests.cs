namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>Changes of several participants that know of one another, or do not.</summary>
public sealed class KnowledgeTests
{
    [Fact]
    public async Task TheSameUpdateSeenFromSeveralParticipantsIsOneUpdate()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob", "carol", "dave");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob", "carol", "dave");
        all.World.Write("alice", "file", "second");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob");
        await all.RunWellAsync("carol");
        // Dave reads it from three heads at once, and edits it; nobody may take that for a change of something else.
        await all.RunWellAsync("dave");
        all.World.Write("dave", "file", "third");
        await all.RunWellAsync("dave");
        await all.RunWellAsync("carol");
        await all.RunWellAsync("alice", "bob");

        foreach (string name in new[] { "alice", "bob", "carol", "dave" })
        {
            all.World.Names(name).ShouldBe(["file"]);
            all.World.Read(name, "file").ShouldBe("third");
        }
    }

    [Fact]
    public async Task IdenticalContentCreatedTwiceIsOneFileAndStaysOneWhenItIsEdited()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "d/file", "the same");
        all.World.Write("bob", "d/file", "the same");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob");
        all.World.Write("alice", "d/file", "edited");
        await all.RunWellAsync("alice", "bob");

        all.World.Names("bob").ShouldBe(["d", "d/file"]);
        all.World.Read("bob", "d/file").ShouldBe("edited");
        all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task ADeletionAgainstAnEditLeavesTheEditWhoeverComesFirst()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        foreach (string path in new[] { "one", "two", "other" }) all.World.Write("alice", path, "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Delete("alice", "one");
        all.World.Write("bob", "one", "edited by bob");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");
        all.World.Write("alice", "two", "edited by alice");
        all.World.Delete("bob", "two");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");

        all.World.Read("alice", "one").ShouldBe("edited by bob");
        all.World.Read("bob", "two").ShouldBe("edited by alice");
        all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task AFileReplacedByADirectoryAndBackKeepsWhatTheOtherWroteMeanwhile()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "thing", "a file");
        all.World.Write("alice", "other", "stays");
        await all.RunWellAsync("alice", "bob");

        all.World.Delete("alice", "thing");
        all.World.Write("alice", "thing/inside", "in a directory");
        await all.RunWellAsync("alice", "bob");
        all.World.Read("bob", "thing/inside").ShouldBe("in a directory");

        all.World.Write("bob", "thing/more", "by bob");
        Directory.Delete(all.World.At("alice", "thing"), recursive: true);
        all.World.Write("alice", "thing", "a file again");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");
        foreach (string name in new[] { "alice", "bob" }) all.Contents(name).ShouldBe(["a file again", "by bob", "stays"], name);

        all.World.Delete("alice", "thing/more");
        Directory.Delete(all.World.At("alice", "thing"));
        await all.RunAsync("alice", "bob");
        await all.RunAsync("bob", "alice");
        foreach (string name in new[] { "alice", "bob" }) all.World.Read(name, "thing").ShouldBe("a file again", name);
        all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task ADirectoryRenamedWhileItsChildrenChangeElsewhereLosesNoneOfThem()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        foreach (string path in new[] { "old/kept", "old/edited", "old/deleted", "other" }) all.World.Write("alice", path, "first " + path);
        await all.RunWellAsync("alice", "bob");

        Directory.Move(all.World.At("alice", "old"), all.World.At("alice", "new"));
        all.World.Write("bob", "old/edited", "edited by bob");
        all.World.Write("bob", "old/added", "added by bob");
        all.World.Delete("bob", "old/deleted");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");

        all.ShouldShowTheSame("alice", "bob");
        all.World.Read("alice", "old/edited").ShouldBe("edited by bob");
        all.World.Read("alice", "old/added").ShouldBe("added by bob");
        all.World.Read("alice", "old/kept").ShouldBeNull();
        all.World.Read("bob", "new/kept").ShouldBe("first old/kept");
    }
}
