using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Tests.Hostile;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Tests.Checking;

/// <summary>What a hostile member publishes is a finding about its own versions, and nothing else.</summary>
public sealed class HostileCheckTests
{
    private static readonly byte[] Evil = "evil"u8.ToArray();

    public static TheoryData<string> Lies => [.. HostileContentTests.Lies.Select(lie => lie.Data)];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Lies))]
    public async Task AContentThatIsNotWhereItShouldBeIsLost(string lie)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = await HostileContentTests.LieAsync(world, pack, lie, pack.Add("live"u8));
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), BlobId.Of(Evil), 4), pack, place);

        var check = await CheckAsync(world, world.Cast.World.Grid);

        check.IsReadable.ShouldBeFalse();
        (check.LostVersions.Length + check.LostTrees.Length).ShouldBe(1);
        check.LostVersions.ShouldAllBe(lost => lost.Path.ToString() == "of-mallory" && lost.Version.Participant == "mallory");
        check.LostTrees.ShouldAllBe(lost => lost.Snapshot.Participant == "mallory");
        check.Versions.ShouldBe(2 + check.LostVersions.Length);
        check.Objects.Where(one => one.Kind != StoredKind.Pack).ShouldAllBe(one => one.Last.IsHealthy);
    }

    [Fact]
    public async Task AListOfSoundChunksThatAreThoseOfSomethingElseIsSeenThrough()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        byte[] list = HostileContentTests.List(0, 1, BlobId.Of(Evil), 4);
        var place = pack.AddFramed(list, [pack.Add(Evil)]);
        await world.Mallory.PublishLeafAsync(
            world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), BlobId.Of("good"u8), 4), pack, place with { List = BlobId.Of(list) });

        var check = await CheckAsync(world, world.Cast.World.Grid);

        check.LostVersions.ShouldHaveSingleItem().Path.ToString().ShouldBe("of-mallory");
        check.Objects.ShouldAllBe(one => one.Last.IsHealthy);
    }

    [Fact]
    public async Task ATreeInAPackThatIsNotThereIsLostAndThePackIsNeeded()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = await HostileContentTests.LieAsync(world, pack, "in a pack that is not there", pack.Add(Evil));
        await world.Mallory.PublishRootAsync(BlobId.Of(Evil), pack, place!);

        var check = await CheckAsync(world, world.Cast.World.Grid);

        check.LostTrees.ShouldHaveSingleItem().Snapshot.Participant.ShouldBe("mallory");
        check.Objects.Where(one => !one.Last.IsRecoverable).ShouldHaveSingleItem().IsNeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task AFalsePlaceThatIsMetFirstHidesNoTrueOne()
    {
        using var world = await HostileWorld.StartAsync();
        byte[] precious = "alice's, and not yet known to bob"u8.ToArray();
        File.WriteAllBytes(world.Cast.World.At("alice", "precious"), precious);
        (await world.Cast.RunAsync("alice")).ShouldBeEmpty();
        var pack = new CraftedPack();
        byte[] leaf = world.Mallory.NewLeaf().File("of-mallory"u8.ToArray(), BlobId.Of(precious), (ulong)precious.Length).ToArray();
        var place = pack.AddFramed(leaf, [pack.Add(Evil) with { Stored = precious.Length, Plain = precious.Length, Offset = 1 << 20 }]);
        var newest = new Snapshot(world.Cast.World.Folder.Folder, BlobId.Of(leaf), world.Mallory.Actor, ++world.Mallory.Seq, 4_000_000_000_000, null, Observed.None);
        await world.Mallory.PublishSnapshotAsync(newest, pack, place);

        var check = await CheckAsync(world, world.Cast.World.Grid, "bob");

        check.IsHealthy.ShouldBeTrue();
        check.Versions.ShouldBe(4);
    }

    [Fact]
    public async Task AGridThatGoesAwayMeanwhileIsAnErrorAndNoLoss()
    {
        using var world = await HostileWorld.StartAsync();
        for (int calls = 0; calls < 12; calls++)
        {
            var departing = new DepartingGrid(world.Cast.World.Grid, calls);
            try
            {
                (await CheckAsync(world, departing)).IsHealthy.ShouldBeTrue();
                calls.ShouldBeGreaterThan(4);
                return;
            }
            catch (GridException e)
            {
                e.Failure.ShouldBe(GridFailure.Unavailable);
            }
        }
        throw new InvalidOperationException("It never got to the end.");
    }

    private static async Task<FolderCheck> CheckAsync(HostileWorld world, IGrid grid, string who = "alice")
    {
        var all = world.Cast.World;
        using var view = FolderView.Open(all.Folder, all.StateDirectory, all.Participant(who));
        return await new FolderChecker(view, grid, (IGridCare)all.Grid, TimeProvider.System).CheckAsync(repair: false, TestContext.Current.CancellationToken);
    }
}
