using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>What a member says about versions: contexts, dots, parents, heads.</summary>
public sealed class HostileClaimTests
{
    private static readonly byte[] Evil = "evil"u8.ToArray();

    public static TheoryData<string> FalseContexts => ["a future of alice", "a future of alice signed by mallory", "the end of alice's numbers", "somebody unlisted", "another snapshot under a known number"];

    [Theory]
    [MemberData(nameof(FalseContexts))]
    public async Task AContextThatClaimsTooMuchIsRefused(string claim)
    {
        using var world = await HostileWorld.StartAsync();
        var of = (await world.Cast.HeadAsync("alice")).ToObservation();
        byte[] SignAs(long seq, BlobId snapshot) => world.Mallory.Keys.SignStatement(StatementMessage.For(world.Cast.World.Folder.Folder, of.Actor, seq, snapshot));
        var other = BlobId.Of(Evil);
        var claimed = claim switch
        {
            "a future of alice" => of with { Seq = of.Seq + 5 },
            "a future of alice signed by mallory" => of with { Seq = of.Seq + 5, Signature = [.. SignAs(of.Seq + 5, of.Snapshot)] },
            "the end of alice's numbers" => of with { Seq = long.MaxValue, Signature = [.. SignAs(long.MaxValue, of.Snapshot)] },
            "somebody unlisted" => of with { Actor = new ActorId(77), Fingerprint = [.. new byte[32]], Nonce = [.. new byte[16]] },
            _ => of with { Snapshot = other, Signature = [.. SignAs(of.Seq, other)] },
        };
        await world.Mallory.PublishTreeAsync([], new CraftedPack(), _ => null, Observed.None.With(claimed));

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains("mallory"));
    }

    [Fact]
    public async Task AForgedValueUnderADotOfAnHonestMemberIsRefused()
    {
        using var world = await HostileWorld.StartAsync();
        var of = (await world.Cast.HeadAsync("alice")).ToObservation();
        var (path, dot) = await DotOfAsync(world, "of-alice");
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        var forged = new DmtEdit(path, Entry.Of(dot, EntryValue.File(BlobId.Of(Evil), 4, 0, 0x1A4)));
        await world.Mallory.PublishTreeAsync([forged], pack, _ => place, Observed.None.With(of));

        (await world.RunHonestlyAsync()).ShouldAllBe(line => line.Contains("mallory"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AForgedValueUnderADotThatIsNotYetKnownHidesNothingOfItsMaker(bool isMalloryFirst)
    {
        // Mallory has read alice's newest version before bob has, and tells bob another content of it.
        using var world = await HostileWorld.StartAsync(isMalloryFirst);
        await ForgeNewestOfAliceAsync(world);

        (await world.RunHonestlyAsync()).ShouldAllBe(line => line.Contains("mallory"));

        world.Cast.World.Read("bob", "new-of-alice").ShouldBe("really alice's");
        world.Cast.World.Names("bob").ShouldNotContain(name => name.Contains("conflict"));
        world.Cast.World.Write("alice", "new-of-alice", "alice's still");
        (await world.RunHonestlyAsync()).ShouldAllBe(line => line.Contains("mallory"));
        world.Cast.World.Read("bob", "new-of-alice").ShouldBe("alice's still");
    }

    [Theory]
    [InlineData("as it is")]
    [InlineData("edited")]
    [InlineData("deleted")]
    public async Task AForgedValueThatIsOnADiskGivesWayToTheTrueOneAndNoEditIsLost(string file)
    {
        using var world = await HostileWorld.StartAsync(isMalloryFirst: true);
        var before = await world.Cast.PersonalVersionAsync("alice");
        await ForgeNewestOfAliceAsync(world);
        world.Cast.Grid.Show(world.Cast.PersonalOf("alice"), before);
        await world.Cast.RunAsync("bob");
        world.Cast.World.Read("bob", "new-of-alice").ShouldBe("evil");
        world.Cast.Grid.BeHonest();

        // What bob does now is captured after alice's snapshot has been joined, and is on top of the forgery.
        if (file == "edited") world.Cast.World.Write("bob", "new-of-alice", "bob's of evil");
        if (file == "deleted") world.Cast.World.Delete("bob", "new-of-alice");
        (await world.RunHonestlyAsync()).ShouldAllBe(line => line.Contains("mallory"));

        string[] expected = file == "edited" ? ["bob's of evil", "really alice's"] : ["really alice's"];
        foreach (string who in new[] { "alice", "bob" })
        {
            world.Cast.World.Names(who).Where(name => name.StartsWith("new-of-alice", StringComparison.Ordinal))
                .Select(name => world.Cast.World.Read(who, name)).Order(StringComparer.Ordinal).ToArray().ShouldBe(expected, who);
        }
    }

    [Fact]
    public async Task AVersionThatTheSnapshotHasNotSeenIsRefused()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        var edit = new DmtEdit(RelativePath.Parse("x"), Entry.Of(new Dot(new ActorId(5), 1), EntryValue.File(BlobId.Of(Evil), 4, 0, 0x1A4)));
        await world.Mallory.PublishTreeAsync([edit], pack, _ => place);

        (await world.RunHonestlyAsync()).Length.ShouldBe(2);
        world.Cast.World.Names("bob").ShouldNotContain("x");
    }

    [Fact]
    public async Task ADotUsedTwiceIsRefusedTheSecondTime()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        var dot = world.Mallory.NextDot;
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File("x"u8.ToArray(), BlobId.Of(Evil), 4), pack, place);
        await world.RunHonestlyAsync();

        byte[] other = "EVIL"u8.ToArray();
        var next = new CraftedPack();
        var otherPlace = next.Add(other);
        var again = new DmtEdit(RelativePath.Parse("x"), Entry.Of(dot, EntryValue.File(BlobId.Of(other), 4, 0, 0x1A4)));
        await world.Mallory.PublishTreeAsync([again], next, _ => otherPlace);

        (await world.RunHonestlyAsync()).Length.ShouldBe(2);
        world.Cast.World.Read("bob", "x").ShouldBe("evil");
    }

    [Fact]
    public async Task TwoSnapshotsUnderOneNumberAreReportedByWhoeverMeetsTheSecond()
    {
        using var world = await HostileWorld.StartAsync();
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("shown-to-alice"u8.ToArray()));
        (await world.Cast.RunAsync("alice")).ShouldBeEmpty();
        world.Mallory.Seq--;
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("shown-to-bob"u8.ToArray()));

        string[] troubles = await world.Cast.RunAsync("bob");
        troubles = await world.Cast.RunAsync("alice", "bob");

        troubles.ShouldContain(line => line.Contains("two different versions"));
        world.Cast.World.Read("bob", "of-alice").ShouldBe("alice's");
        world.NothingOutsideWasTouched();
    }

    [Fact]
    public async Task ANumberAtTheEndOfAllNumbersIsTakenAndNothingBreaks()
    {
        using var world = await HostileWorld.StartAsync();
        world.Mallory.Seq = long.MaxValue - 1;
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("d"u8.ToArray()));

        await world.RunHonestlyAsync();
        await world.RunHonestlyAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AParentThatDoesNotExistOrIsNoSnapshotHarmsNobody(bool isNode)
    {
        using var world = await HostileWorld.StartAsync();
        byte[] leaf = world.Mallory.NewLeaf().Directory("d"u8.ToArray()).ToArray();
        var pack = new CraftedPack();
        var place = pack.AddFramed(leaf);
        var parent = isNode ? BlobId.Of(leaf) : BlobId.Of(Evil);
        await world.Mallory.PublishRootAsync(BlobId.Of(leaf), pack, place, parent: parent, parentPlace: place);

        (await world.RunHonestlyAsync()).ShouldBeEmpty();
        await using var reader = await world.Cast.OpenAsync(["bob"]);
        reader.Participants[0].StopReason.ShouldBeNull();
    }

    public static TheoryData<string> FalseSnapshots => ["of another folder", "of another actor", "of another number", "a node", "not there", "a newer format"];

    [Theory]
    [MemberData(nameof(FalseSnapshots))]
    public async Task ASnapshotThatIsNotTheOneThatItsHeadStatesIsRefused(string what)
    {
        using var world = await HostileWorld.StartAsync();
        byte[] leaf = world.Mallory.NewLeaf().Directory("d"u8.ToArray()).ToArray();
        var pack = new CraftedPack();
        var place = pack.AddFramed(leaf);
        world.Mallory.Seq = 1;
        var snapshot = new Snapshot(world.Cast.World.Folder.Folder, BlobId.Of(leaf), world.Mallory.Actor, 1, 0, null, Observed.None);
        switch (what)
        {
            case "of another folder":
                await world.Mallory.PublishSnapshotAsync(snapshot with { Folder = new FolderId(5) }, pack, place);
                break;
            case "of another actor":
                await world.Mallory.PublishSnapshotAsync(snapshot with { Actor = new ActorId(5) }, pack, place);
                break;
            case "of another number":
                await world.Mallory.PublishSnapshotAsync(snapshot with { Seq = 9 }, pack, place);
                break;
            default:
                byte[] bytes = what == "a node" ? leaf : what == "a newer format" ? Newer(snapshot.Encode()) : Evil;
                var at = what == "not there" ? place with { Offset = 1 << 20 } : pack.AddFramed(bytes);
                string cap = await world.Mallory.StoreAsync(pack);
                var location = new BlobLocation(new PackRef(cap), at.Offset, (int)at.Stored, (int)at.Plain, BlobEncoding.Framed);
                await world.Mallory.PublishHeadAsync(world.Mallory.Head(BlobId.Of(bytes), 1, location).Encode());
                break;
        }

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains("mallory"));
        if (what == "a newer format") troubles.ShouldAllBe(line => line.Contains("update this program"));
        world.Cast.World.Names("bob").ShouldNotContain("d");
    }

    public static TheoryData<string> FalseHeads => ["of alice", "of alice's actor, signed by mallory", "of another folder", "with an actor that is not derived", "with number 0", "rubbish", "a newer format", "endless"];

    [Theory]
    [MemberData(nameof(FalseHeads))]
    public async Task AHeadThatDoesNotSpeakForItsMemberInThisFolderIsRefused(string what)
    {
        using var world = await HostileWorld.StartAsync();
        byte[] leaf = world.Mallory.NewLeaf().Directory("d"u8.ToArray()).ToArray();
        var pack = new CraftedPack();
        var place = pack.AddFramed(leaf);
        var head = await world.Mallory.PublishRootAsync(BlobId.Of(leaf), pack, place);
        var alice = await world.Cast.HeadAsync("alice");
        byte[] bytes = what switch
        {
            "of alice" => alice.Encode(),
            "of alice's actor, signed by mallory" => new Snapshots.Heads.Head(
                head.Folder, alice.Actor, alice.Nonce, head.Fingerprint, alice.Seq + 1, head.Snapshot,
                [.. world.Mallory.Keys.SignStatement(StatementMessage.For(head.Folder, alice.Actor, alice.Seq + 1, head.Snapshot))], head.Location, []).Encode(),
            "of another folder" => world.Mallory.Head(head.Snapshot, 1, head.Location, new FolderId(5)).Encode(),
            "with an actor that is not derived" => new Snapshots.Heads.Head(
                head.Folder, new ActorId(9), head.Nonce, head.Fingerprint, 1, head.Snapshot,
                [.. world.Mallory.Keys.SignStatement(StatementMessage.For(head.Folder, new ActorId(9), 1, head.Snapshot))], head.Location, []).Encode(),
            "with number 0" => Replaced(head.Encode()),
            "a newer format" => [0x8B, 0x02],
            "endless" => [0x9F, .. new byte[100_000]],
            _ => Evil,
        };
        await world.Mallory.PublishHeadAsync(bytes);

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains("mallory"));
        world.Cast.World.Names("bob").ShouldNotContain("d");
    }

    [Theory]
    [InlineData("another node")]
    [InlineData("itself")]
    [InlineData("nothing")]
    [InlineData("a bomb")]
    [InlineData("a table too short")]
    [InlineData("a table of rubbish")]
    public async Task ATreeNodeWhosePlaceLiesIsRefused(string leadsTo)
    {
        using var world = await HostileWorld.StartAsync();
        byte[] leaf = world.Mallory.NewLeaf().File("x"u8.ToArray(), BlobId.Of(Evil), 4).ToArray();
        var pack = new CraftedPack();
        var content = pack.Add(Evil);
        var place = leadsTo switch
        {
            "another node" => pack.AddFramed(world.Mallory.NewLeaf().Directory("y"u8.ToArray()).ToArray()),
            // The snapshot comes next in the pack: this is where its own frame will be.
            "itself" => new CraftedPlace(pack.ToArray().Length, 200, 200, 2),
            "nothing" => new CraftedPlace(1 << 30, 100, 100, 2),
            "a bomb" => pack.AddDeflated(new byte[64 << 20], 8 << 20) with { Encoding = 3 },
            "a table too short" => pack.AddFramed(leaf),
            _ => pack.AddFrame(leaf, [0xFF, 0x00]),
        };
        _ = content;
        await world.Mallory.PublishRootAsync(BlobId.Of(leaf), pack, place);

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains("mallory"));
    }

    [Fact]
    public async Task ADirectoryOfTwentyThousandIsTakenLikeAnyOther()
    {
        using var world = await HostileWorld.StartAsync();
        await world.Mallory.PublishTreeAsync(
            Enumerable.Range(0, 20_000).Select(i => world.Mallory.Edit($"many/{i:d6}", EntryValue.Symlink("nowhere", 0))), new CraftedPack(), _ => null);

        await world.RunHonestlyAsync();

        Directory.EnumerateFileSystemEntries(world.Cast.World.At("bob", "many")).Count().ShouldBe(20_000);
    }

    [Fact]
    public async Task ManyContentsThatAreNotWhereTheyShouldBeAreOneProblemEach()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add("live"u8);
        await world.Mallory.PublishTreeAsync(
            Enumerable.Range(0, 1_000).Select(i => world.Mallory.Edit($"many/{i:d6}", EntryValue.File(BlobId.Of(BitConverter.GetBytes(i)), 4, 0, 0x1A4))), pack, _ => place);

        (await world.RunHonestlyAsync(mostLines: 2_000)).Length.ShouldBe(2_000);
    }

    /// <summary>Alice publishes a file, and mallory all that is alice's, but under the dot of that file another content of it.</summary>
    private static async Task ForgeNewestOfAliceAsync(HostileWorld world)
    {
        world.Cast.World.Write("alice", "new-of-alice", "really alice's");
        (await world.Cast.RunAsync("alice")).ShouldBeEmpty();
        var head = await world.Cast.HeadAsync("alice");
        List<DmtEdit> edits;
        await using (var session = await world.Cast.OpenAsync(["alice"]))
        {
            edits = [.. session.Participants[0].Engine!.Tools.OpenTree().Items().Where(item => item.Entry.Siblings[0].Dot.Actor == head.Actor).Select(item => new DmtEdit(item.Path, item.Entry))];
        }
        int at = edits.FindIndex(edit => edit.Path.ToString() == "new-of-alice");
        edits[at].Entry!.Siblings[0].Dot.ShouldBe(new Dot(head.Actor, head.Seq));
        var evil = BlobId.Of(Evil);
        edits[at] = edits[at] with { Entry = Entry.Of(new Dot(head.Actor, head.Seq), EntryValue.File(evil, 4, 0, 0x1A4)) };
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishTreeAsync(edits, pack, content => content == evil ? place : null, Observed.None.With(head.ToObservation()));
    }

    private static async Task<(RelativePath Path, Dot Dot)> DotOfAsync(HostileWorld world, string path)
    {
        await using var session = await world.Cast.OpenAsync(["alice"]);
        var record = session.Participants[0].State!.Records.Find(RelativePath.Parse(path))!;
        return (record.Path, record.Dots[0]);
    }

    private static byte[] Newer(byte[] snapshot)
    {
        snapshot[1] = 2;
        return snapshot;
    }

    /// <summary>The head with 0 in place of its number 1, which is the only field of one byte after its four strings.</summary>
    private static byte[] Replaced(byte[] head)
    {
        int at = 1 + 1 + 17 + 17 + 17 + 34;
        head[at].ShouldBe((byte)1);
        head[at] = 0;
        return head;
    }
}
