using System.Formats.Cbor;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Collecting;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>What a member says about contents (sizes, places, encodings, bits) harms nobody who believes it only after a look.</summary>
public sealed class HostileContentTests
{
    [Fact]
    public async Task AnExportedFileThatIsGivenOutAsAPackIsNotFreed()
    {
        // Exports are stored with the leases of the folder. Mallory has the cap of one.
        using var world = await HostileWorld.StartAsync();
        byte[] exported = new byte[5000];
        EmbeddedWorld.Random.Fill(exported);
        var cap = await world.Cast.World.Grid.PutImmutableAsync(new MemoryStream(exported), exported.Length, EncryptionKeyChoice.Convergent("secret"u8.ToArray()), TestContext.Current.CancellationToken);
        var part = BlobId.Of(exported.AsSpan(1000, 2000));
        await world.Mallory.PublishTreeAsync(
            [world.Mallory.Edit("part", EntryValue.File(part, 2000, 0, 0x1A4))], new CraftedPack(), _ => new CraftedPlace(1000, 2000, 2000, Pack: cap.ToUriString()));
        (await world.RunHonestlyAsync()).ShouldBeEmpty();
        File.ReadAllBytes(world.Cast.World.At("bob", "part")).ShouldBe(exported[1000..3000]);
        await world.Mallory.PublishTreeAsync([], new CraftedPack(), _ => null);
        for (int i = 0; i < 25; i++)
        {
            world.Cast.World.Write("alice", "often", $"{i}");
            (await world.RunAsync()).ShouldBeEmpty();
        }
        world.Cast.World.Names("bob").ShouldNotContain("part");

        await using (var session = await OpenOnStorageAsync(world))
        {
            var collected = await new FolderCollector(session).CollectAsync(new HashSet<StorageIndex>(), pretend: false, TestContext.Current.CancellationToken);
            collected.Reason.ShouldBeNull();
            collected.Freed.ShouldBeGreaterThan(10);
        }

        await using var file = await world.Cast.World.Grid.OpenImmutableAsync(cap, TestContext.Current.CancellationToken);
        byte[] read = new byte[exported.Length];
        await file.ReadAsync(0, read, TestContext.Current.CancellationToken);
        read.ShouldBe(exported);
    }

    private static Task<FolderSession> OpenOnStorageAsync(HostileWorld world) => FolderSession.OpenAsync(
        world.Cast.World.Folder with { Participants = [world.Cast.World.Participant("alice"), world.Cast.World.Participant("bob")] }, world.Cast.World.StateDirectory,
        new SessionEnvironment(world.Cast.World.Grid, TimeProvider.System, EmbeddedWorld.Random, new EngineOptions()), TestContext.Current.CancellationToken);

    private const string Name = "of-mallory";
    private static readonly byte[] Evil = "evil"u8.ToArray();

    public static TheoryData<string> Lies =>
    [
        "other bytes", "outside of the pack", "at the end of the number line", "overlapping the snapshot", "in a pack that is not there", "in no pack at all", "in a mutable file",
        "in the pack of alice, elsewhere", "nowhere", "as a frame that it is not", "as a list of itself", "a bomb that declares little", "a small thing that declares much",
        "a stream of rubbish", "an unknown encoding", "larger than any blob",
    ];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task AContentThatIsNotWhereItShouldBeIsOneProblemAndNothingElse(string lie)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var content = BlobId.Of(Evil);
        var place = await LieAsync(world, pack, lie, pack.Add("live"u8));
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), content, 4), pack, place);

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBe(2);
        foreach (string line in troubles) (line.Contains(Name, StringComparison.Ordinal) || line.Contains("mallory", StringComparison.Ordinal)).ShouldBeTrue(line);
        world.Cast.World.Names("bob").ShouldNotContain(Name);
        Directory.EnumerateFileSystemEntries(world.Cast.World.At("bob", ".magic-folder/staging")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3ul)]
    [InlineData(5ul)]
    [InlineData(0ul)]
    [InlineData(10_000_000_000ul)]
    [InlineData(long.MaxValue)]
    public async Task ASizeThatIsNotThatOfTheContentIsOneProblem(ulong size)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), BlobId.Of(Evil), size), pack, place);

        (await world.RunHonestlyAsync()).Length.ShouldBe(2);

        world.Cast.World.Names("bob").ShouldNotContain(Name);
    }

    [Fact]
    public async Task AListThatNamesOneChunkMillionsOfTimesEndsEarly()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var chunk = BlobId.Of(Evil);
        var place = pack.Add(Evil);
        var below = List(0, 16384, chunk, 4);
        var belowPlace = pack.AddFramed(below, [.. Enumerable.Repeat(place, 16384)]);
        for (int level = 1; level <= 3; level++)
        {
            var above = List(level, 16384, BlobId.Of(below), 1L << (16 + (14 * (level - 1))));
            belowPlace = pack.AddFramed(above, [.. Enumerable.Repeat(belowPlace, 16384)]);
            below = above;
        }
        ulong size = 1ul << 58;
        await world.Mallory.PublishLeafAsync(
            world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), chunk, size), pack, belowPlace with { List = BlobId.Of(below) });
        long before = GC.GetTotalAllocatedBytes();

        (await world.RunHonestlyAsync()).Length.ShouldBe(2);

        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(8_000_000_000);
        GC.GetTotalMemory(forceFullCollection: true).ShouldBeLessThan(500_000_000);
    }

    [Theory]
    [InlineData(0xFFFul)]
    [InlineData(0xA00ul)]
    [InlineData(0ul)]
    public async Task NoModeMakesAFileRunWithTheRightsOfWhoeverReceivedIt(ulong mode)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(
            world.Mallory.NewLeaf().Directory("dir"u8.ToArray(), mode).File("dir\0x"u8.ToArray(), BlobId.Of(Evil), 4, mode).File("of-mallory"u8.ToArray(), BlobId.Of(Evil), 4, mode), pack, place);

        await world.RunHonestlyAsync();

        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Special = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;
        (File.GetUnixFileMode(world.Cast.World.At("bob", Name)) & Special).ShouldBe(UnixFileMode.None);
    }

    [Theory]
    [InlineData(0x1000ul, 0L)]
    [InlineData(ulong.MaxValue, 0L)]
    public async Task AModeBeyondTheBitsIsRefused(ulong mode, long mtime)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), BlobId.Of(Evil), 4, mode, mtime), pack, place);

        (await world.RunHonestlyAsync()).Length.ShouldBe(2);
        world.Cast.World.Names("bob").ShouldNotContain(Name);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1L)]
    public async Task ATimeAtTheEndOfTimeIsTakenAsFarAsTheDiskCanHoldIt(long mtime)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), BlobId.Of(Evil), 4, 0x1A4, mtime), pack, place);

        await world.RunHonestlyAsync();
        await world.RunHonestlyAsync();

        world.Cast.World.Read("bob", Name).ShouldBe("evil");
        world.Cast.World.Names("bob").Count(name => name.StartsWith(Name, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task AKindThatIsNotKnownIsRefused()
    {
        using var world = await HostileWorld.StartAsync();
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("fifo"u8.ToArray(), kind: 3));

        (await world.RunHonestlyAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task ContentThatOnlyOneHonestMemberHasIsStoredWhateverAHostileOneClaims()
    {
        using var world = await HostileWorld.StartAsync();
        byte[] precious = "only alice has this"u8.ToArray();
        var pack = new CraftedPack();
        var lie = pack.Add(new byte[precious.Length]);
        await world.Mallory.PublishLeafAsync(
            world.Mallory.NewLeaf().File("claimed"u8.ToArray(), BlobId.Of(precious), (ulong)precious.Length), pack, lie);
        await world.RunHonestlyAsync();

        File.WriteAllBytes(world.Cast.World.At("alice", "precious"), precious);
        await world.RunHonestlyAsync();

        world.Cast.World.Read("bob", "precious").ShouldBe("only alice has this");
        world.Cast.World.Read("bob", "claimed").ShouldBe("only alice has this", "now it is known where that really lies");
    }

    internal static async Task<CraftedPlace?> LieAsync(HostileWorld world, CraftedPack pack, string lie, CraftedPlace place)
    {
        switch (lie)
        {
            case "other bytes": return place;
            case "outside of the pack": return place with { Offset = 1 << 20 };
            case "at the end of the number line": return place with { Offset = 1L << 40 };
            case "overlapping the snapshot": return place with { Offset = place.Offset + 2 };
            case "in a pack that is not there": return place with { Pack = "URI:CHK:aaaaaaaaaaaaaaaaaaaaaaaaaa:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:1:1:1000" };
            case "in no pack at all": return place with { Pack = "not a cap" };
            case "in a mutable file": return place with { Pack = world.Cast.PersonalOf("alice").ToUriString() };
            case "in the pack of alice, elsewhere": return place with { Pack = (await world.Cast.HeadAsync("alice")).Location.Pack.Reveal() };
            case "nowhere": return null;
            case "as a frame that it is not": return place with { Encoding = 2 };
            case "as a list of itself": return place with { Encoding = 2, List = BlobId.Of(Evil) };
            case "a bomb that declares little": return pack.AddDeflated(new byte[256 << 20], 4);
            case "a small thing that declares much": return pack.AddDeflated(Evil, 8 << 20);
            case "a stream of rubbish": return pack.Add([0xFF, 0xFE, 0xFD], 4, encoding: 1);
            case "an unknown encoding": return place with { Encoding = 77 };
            default: return place with { Stored = 9 << 20, Plain = 9 << 20 };
        }
    }

    internal static byte[] List(int level, int parts, BlobId part, long length)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(3);
        writer.WriteInt32(1);
        writer.WriteInt32(level);
        writer.WriteStartArray(parts * 2);
        for (int i = 0; i < parts; i++)
        {
            writer.WriteInt64(length);
            writer.WriteByteString(CraftedPack.Bytes(part));
        }
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }
}
