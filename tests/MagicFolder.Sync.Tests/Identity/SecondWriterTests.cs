namespace MagicFolder.Sync.Tests.Identity;

/// <summary>Promise 3: a second writer under one identity is detected and stopped, not merged by luck.</summary>
public sealed class SecondWriterTests
{
    [Fact]
    public async Task ACopyOfTheStateThatIsUsedAfterTheOriginalIsStopped()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        string copy = cast.CopyState("clone");
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        var before = await cast.PersonalVersionAsync("alice");

        cast.World.Write("alice", "file", "by the clone");
        string[] troubles = await cast.RunOnAsync(copy, "alice");

        troubles.ShouldHaveSingleItem().ShouldStartWith("alice: Another computer publishes as alice");
        (await cast.PersonalVersionAsync("alice")).Seqnum.ShouldBe(before.Seqnum);
        cast.World.Read("alice", "file").ShouldBe("by the clone");
        cast.World.Read("bob", "file").ShouldBe("second");
    }

    [Fact]
    public async Task AStateFromABackupIsStoppedBeforeItRemovesWhatOnlyTheNewerOneKnowsOf()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        string backup = cast.CopyState("backup");
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        cast.World.Write("alice", ".magic-folder/staging/0123", "swapped out, and still written to");

        (await cast.RunOnAsync(backup, "alice")).ShouldHaveSingleItem().ShouldStartWith("alice: Another computer publishes as alice");

        cast.World.Read("alice", ".magic-folder/staging/0123").ShouldBe("swapped out, and still written to");
    }

    [Fact]
    public async Task OfTwoThatRunAtTheSameTimeTheSecondToPublishIsStopped()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        string copy = cast.CopyState("clone");

        await using var original = await cast.OpenAsync(["alice"]);
        await using var clone = await cast.OpenAsync(["alice"], copy);
        cast.World.Write("alice", "by-clone", "new");
        await clone.RunToRestAsync(TestContext.Current.CancellationToken);
        var published = await cast.PersonalVersionAsync("alice");
        cast.World.Write("alice", "by-original", "new");
        await original.RunToRestAsync(TestContext.Current.CancellationToken);

        Cast.Troubles(clone).ShouldBeEmpty();
        Cast.Troubles(original).ShouldHaveSingleItem().ShouldStartWith("alice: Another computer publishes as alice");
        (await cast.PersonalVersionAsync("alice")).Content.ToArray().ShouldBe(published.Content.ToArray());
        cast.World.Names("alice").ShouldBe(["by-clone", "by-original", "file"]);
    }

    [Fact]
    public async Task TheOthersGoOnWhenOneIsStopped()
    {
        using var cast = await Cast.StartAsync("alice", "bob", "carol");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob", "carol")).ShouldBeEmpty();
        string copy = cast.CopyState("clone");
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice")).ShouldBeEmpty();

        cast.World.Write("bob", "of-bob", "new");
        string[] troubles = await cast.RunOnAsync(copy, "alice", "bob", "carol");

        troubles.ShouldHaveSingleItem().ShouldStartWith("alice: ");
        cast.World.Names("carol").ShouldBe(["file", "of-bob"]);
        cast.World.Read("carol", "file").ShouldBe("second");
    }

    [Fact]
    public async Task OneThatBeganAnewElsewhereIsNotOverwrittenByTheOneBefore()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        await using (var original = await cast.OpenAsync(["alice"]))
        {
            cast.World.Write("alice", "new", "made elsewhere");
            (await cast.RunOnAsync(cast.World.Outside("elsewhere"), "alice")).ShouldBeEmpty();
            (await cast.RunAsync("bob")).ShouldBeEmpty();
            await original.RunToRestAsync(TestContext.Current.CancellationToken);
            Cast.Troubles(original).ShouldHaveSingleItem().ShouldStartWith("alice: Another computer publishes as alice");
        }
        var published = await cast.PersonalVersionAsync("alice");

        (await cast.RunAsync("alice")).ShouldHaveSingleItem().ShouldStartWith("alice: Another computer publishes as alice");
        (await cast.PersonalVersionAsync("alice")).Seqnum.ShouldBe(published.Seqnum);
    }

    [Fact]
    public async Task TheKeyOfAnotherIsRefusedBeforeAnythingIsWritten()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        var before = await cast.PersonalVersionAsync("bob");

        cast.World.Write("alice", "file", "second");
        string[] troubles = await cast.RunWithKeyAsync("alice", of: "bob");

        troubles.ShouldHaveSingleItem().ShouldStartWith("alice: The key that the configuration has for alice belongs to another");
        (await cast.PersonalVersionAsync("bob")).Seqnum.ShouldBe(before.Seqnum);
    }

    [Fact]
    public async Task ARunThatEndedBeforeItKnewOfItsSuccessIsNoSecondWriter()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        // The head is on the grid, and what tells of that was not yet committed: the sealed snapshot is still there.
        await using (var session = await cast.OpenAsync(["alice"]))
        {
            var state = session.Participants[0].State!;
            var versions = state.Versions.Read()!;
            cast.World.Write("alice", "file", "second");
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            var head = await cast.PersonalVersionAsync("alice");
            state.Sealed.Write(new State.SealedSnapshot(versions.PublishedSeq + 1, (await cast.HeadAsync("alice")).Snapshot, [], state.Versions.Read()!.Root, head.Content.ToArray()));
            state.Versions.Write(versions with { Root = state.Versions.Read()!.Root });
        }

        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        cast.World.Read("bob", "file").ShouldBe("second");
    }
}
