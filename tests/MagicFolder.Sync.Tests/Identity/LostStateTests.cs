namespace MagicFolder.Sync.Tests.Identity;

public sealed class LostStateTests
{
    [Fact]
    public async Task AParticipantThatLostItsStateGoesOnAsANewActorWithItsHistory()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        var former = await cast.HeadAsync("alice");

        File.Delete(Path.Combine(cast.World.StateDirectory, "participants", "alice.db"));
        cast.World.Write("alice", "new", "made without a state");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        var head = await cast.HeadAsync("alice");
        head.Actor.ShouldNotBe(former.Actor);
        head.Seq.ShouldBeLessThan(former.Seq);
        head.Retained.Select(retained => retained.Id).ShouldContain(former.Snapshot);
        cast.World.Names("bob").ShouldBe(["file", "new"]);
        cast.World.Read("bob", "file").ShouldBe("second");
    }

    [Fact]
    public async Task AnEditWithoutAStateStandsBesideWhatOthersHaveNothingIsOverwritten()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        cast.World.Write("bob", "file", "by bob");
        (await cast.RunAsync("bob")).ShouldBeEmpty();

        File.Delete(Path.Combine(cast.World.StateDirectory, "participants", "alice.db"));
        cast.World.Write("alice", "file", "by alice without a state");
        await cast.RunAsync("alice", "bob");

        cast.World.Read("alice", "file").ShouldBe("by alice without a state");
        cast.World.Read("bob", "file").ShouldBe("by bob");
        cast.World.Names("alice").Count.ShouldBe(2);
        cast.World.Read("alice", "file.conflict-bob").ShouldBe("by bob");
    }

    [Theory]
    [InlineData("a.txt", "a.conflict-john.doe.txt")]
    [InlineData("README", "README.conflict-john.doe")]
    public async Task AConflictFileOfAPetnameWithADotIsOneAsBefore(string file, string beside)
    {
        using var cast = await Cast.StartAsync("alice", "john.doe");
        cast.World.Write("alice", file, "by alice");
        cast.World.Write("john.doe", file, "by john");
        (await cast.RunAsync("alice", "john.doe")).ShouldBeEmpty();
        cast.World.Names("alice").ShouldBe(new[] { file, beside }, ignoreOrder: true);

        File.Delete(Path.Combine(cast.World.StateDirectory, "participants", "alice.db"));
        await cast.RunAsync("alice", "john.doe");

        cast.World.Names("alice").ShouldBe(new[] { file, beside }, ignoreOrder: true);
        cast.World.Read("alice", beside).ShouldBe("by john");
        cast.World.Names("john.doe").Count.ShouldBe(2);
    }

    [Fact]
    public async Task AFileThatWasUntouchedMeanwhileFollowsTheOthersWithoutAConflict()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        File.Delete(Path.Combine(cast.World.StateDirectory, "participants", "alice.db"));
        cast.World.Write("bob", "file", "by bob");
        (await cast.RunAsync("bob")).ShouldBeEmpty();

        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.World.Read("alice", "file").ShouldBe("by bob");
        cast.World.Names("alice").ShouldBe(["file"]);
    }
}
