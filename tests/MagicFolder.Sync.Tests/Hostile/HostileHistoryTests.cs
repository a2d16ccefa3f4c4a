using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Collecting;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>What a member says that it retains; nobody reads the older part of it until a history is asked for, or packs are to be freed.</summary>
public sealed class HostileHistoryTests
{
    private const int Many = 60;

    [Fact]
    public async Task AHeadThatNamesASnapshotTwiceIsAProblemOfItsMakerAndTheHistoryOfOthersCanBeRead()
    {
        using var world = await HostileWorld.StartAsync();
        var head = await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("d"u8.ToArray()));
        var other = BlobId.Of("stands for the same one"u8);
        byte[] bytes = Retaining(head, head.Snapshot, other).Encode();
        int at = bytes.AsSpan().LastIndexOf(CraftedPack.Bytes(other));
        CraftedPack.Bytes(head.Snapshot).CopyTo(bytes.AsSpan(at));
        await world.Mallory.PublishHeadAsync(bytes);

        using var view = world.Cast.World.View("alice");
        await using var reader = await HistoryReader.OpenAsync(view, world.Cast.World.Grid, TestContext.Current.CancellationToken);
        var log = await reader.ReadLogAsync(TestContext.Current.CancellationToken);

        log.Problems.ShouldHaveSingleItem().Path.ShouldBe("mallory");
        log.Snapshots.Select(snapshot => snapshot.Participant).Distinct().Order().ShouldBe(["alice", "bob"]);
        (await world.RunHonestlyAsync()).ShouldAllBe(line => line.Contains("mallory"));
    }

    [Fact]
    public async Task AHistoryThatNamesMoreThanAnyMayIsNotFollowedToItsEnd()
    {
        using var world = await HostileWorld.StartAsync();
        var leaf = world.Mallory.NewLeaf();
        var pack = new CraftedPack();
        var places = new CraftedPlace?[Many];
        for (int i = 0; i < Many; i++)
        {
            byte[] content = [(byte)i];
            leaf.File([(byte)'f', (byte)('0' + (i / 10)), (byte)('0' + (i % 10))], BlobId.Of(content), 1);
            places[i] = pack.Add(content);
        }
        var large = await world.Mallory.PublishLeafAsync(leaf, pack, places);
        var newest = await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("d"u8.ToArray()));
        await world.Mallory.PublishHeadAsync(Retaining(newest, large).Encode());

        (await CollectAsync(world, mostPlaces: 2 * Many)).Reason.ShouldBeNull();
        (await CollectAsync(world, mostPlaces: Many / 2)).Reason.ShouldNotBeNull().ShouldContain("mallory");
    }

    private static Head Retaining(Head head, params BlobId[] ids) => Retaining(head, [.. ids.Select(id => new RetainedSnapshot(id, 1, 0, default, head.Location))]);

    private static Head Retaining(Head head, Head former) => Retaining(head, [new RetainedSnapshot(former.Snapshot, former.Seq, 0, default, former.Location)]);

    private static Head Retaining(Head head, RetainedSnapshot[] retained) =>
        new(head.Folder, head.Actor, head.Nonce, head.Fingerprint, head.Seq, head.Snapshot, head.Signature, head.Location, [.. retained]);

    private static async Task<FolderCollection> CollectAsync(HostileWorld world, long mostPlaces)
    {
        var all = world.Cast.World;
        await using var session = await FolderSession.OpenAsync(
            all.Folder with { Participants = [all.Participant("alice"), all.Participant("bob")] }, all.StateDirectory,
            new SessionEnvironment(all.Grid, TimeProvider.System, EmbeddedWorld.Random, new EngineOptions()), TestContext.Current.CancellationToken);
        return await new FolderCollector(session) { MostPlaces = mostPlaces }.CollectAsync(new HashSet<StorageIndex>(), pretend: true, TestContext.Current.CancellationToken);
    }
}
