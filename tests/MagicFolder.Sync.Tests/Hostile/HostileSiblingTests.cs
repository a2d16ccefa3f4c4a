using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>A member that makes very many versions of one path.</summary>
public sealed class HostileSiblingTests
{
    [Theory]
    [InlineData(1024, 0)]
    [InlineData(65, 0)]
    [InlineData(20, 4000)]
    public async Task WhoeverHasManyVersionsOfAPathIsRefusedAndAnEditGoesToAll(int count, int padding)
    {
        using var world = await HostileWorld.StartAsync();
        await ReplaceOfAliceAsync(world, count, padding);
        world.Cast.World.Write("alice", "of-alice", "alice's, edited");

        string[] troubles = await world.RunAsync();

        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains("mallory"));
        world.Cast.World.Read("bob", "of-alice").ShouldBe("alice's, edited");
    }

    [Fact]
    public async Task OfSomeVersionsOfOneMakerEachStandsBesideTheEdit()
    {
        using var world = await HostileWorld.StartAsync();
        await ReplaceOfAliceAsync(world, 40, 0);
        world.Cast.World.Write("alice", "of-alice", "alice's, edited");

        (await world.RunAsync()).ShouldBeEmpty();

        foreach (string who in new[] { "alice", "bob" })
        {
            string[] names = [.. world.Cast.World.Names(who).Where(name => name.StartsWith("of-alice", StringComparison.Ordinal))];
            names.Length.ShouldBe(41);
            world.Cast.World.Read(who, names.Single(name => new FileInfo(world.Cast.World.At(who, name)).LinkTarget is null)).ShouldBe("alice's, edited");
        }
    }

    [Fact]
    public async Task AnEditForWhichThereIsNoRoomIsAProblemOfItsPathAloneUntilThereIs()
    {
        using var world = await HostileWorld.StartAsync();
        await using (var session = await world.Cast.OpenAsync(["alice"]))
        {
            var others = (await world.Cast.HeadAsync("bob")).Actor;
            Put(session, Entry.From(Enumerable.Range(1, 1024).Select(n => new Sibling(new Dot(others, n), EntryValue.Symlink($"{n}", 0)))));
            world.Cast.World.Write("alice", "full", "alice's");
            world.Cast.World.Write("alice", "other", "alice's, too");
            await session.RunToRestAsync(TestContext.Current.CancellationToken);

            session.Participants[0].StopReason.ShouldBeNull();
            var state = session.Participants[0].State!;
            state.Problems.All().ShouldHaveSingleItem().Path.ShouldBe("full");
            state.Records.Find(RelativePath.Parse("other")).ShouldNotBeNull();
            state.Records.Find(RelativePath.Parse("full")).ShouldBeNull();
            Put(session, null);
        }

        (await world.RunAsync()).ShouldBeEmpty();

        foreach (string name in new[] { "full", "other" }) world.Cast.World.Read("bob", name).ShouldBe(world.Cast.World.Read("alice", name));
    }

    [Fact]
    public async Task NobodyMakesMoreVersionsOfAPathThanOthersTakeOfOne()
    {
        using var world = await HostileWorld.StartAsync();
        await using (var session = await world.Cast.OpenAsync(["alice"]))
        {
            var own = session.Participants[0].Engine!.Actor;
            // None that bob has seen already: those would have been decided against.
            Put(session, Entry.From(Enumerable.Range(1001, 64).Select(n => new Sibling(new Dot(own, n), EntryValue.Symlink($"{n}", 0)))));
            world.Cast.World.Write("alice", "full", "alice's");
            var versions = session.Participants[0].State!.Versions;
            versions.Write(versions.Read()! with { PublishedSeq = 1064 });
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            session.Participants[0].State!.Problems.All().ShouldHaveSingleItem().Path.ShouldBe("full");
        }

        (await world.RunHonestlyAsync()).ShouldHaveSingleItem().ShouldContain("alice: full");
    }

    /// <summary>As if it had been joined, before anything of it is on the disk.</summary>
    private static void Put(FolderSession session, Entry? entry)
    {
        var versions = session.Participants[0].State!.Versions;
        var tree = session.Participants[0].Engine!.Tools.OpenTree().With(new DmtEdit(RelativePath.Parse("full"), entry));
        versions.Write(versions.Read()! with { Root = tree.Root });
    }

    /// <summary>Mallory has seen alice's file, and has all these links in the place of it.</summary>
    private static async Task ReplaceOfAliceAsync(HostileWorld world, int count, int padding)
    {
        world.Mallory.Seq = count;
        var links = Entry.From(Enumerable.Range(1, count).Select(n => new Sibling(new Dot(world.Mallory.Actor, n), EntryValue.Symlink($"{n}{new string('-', padding)}", 0))));
        await world.Mallory.PublishTreeAsync(
            [new DmtEdit(RelativePath.Parse("of-alice"), links)], new CraftedPack(), _ => null, Observed.None.With((await world.Cast.HeadAsync("alice")).ToObservation()));
    }
}
