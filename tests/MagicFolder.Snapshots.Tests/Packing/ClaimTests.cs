using System.Text;
using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Publishing;
using MagicFolder.Snapshots.Tests.Doubles;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Tests.Packing;

/// <summary>What others say about the places of blobs is never relied on unread: whoever relies on it may be the only one who has the blob.</summary>
public sealed class ClaimTests
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("only this participant has it");
    private static readonly byte[] Large = Room.RandomBytes(7, 6_000_000);

    [Theory]
    [InlineData("elsewhere in the pack")]
    [InlineData("outside of the pack")]
    [InlineData("in a pack that does not exist")]
    [InlineData("in something that is no pack")]
    public async Task AFalseClaimKeepsNothingFromBeingStored(string claim)
    {
        await using var hostile = new Room();
        var other = await hostile.Writer.WriteSmallAsync("something else, long enough to be claimed"u8.ToArray());
        await hostile.Packs.FlushAsync();
        var real = hostile.Catalog.Find(other.Content).Single();
        await using var honest = new Room(hostile.Grid, seed: 2);
        var id = BlobId.Of(Bytes);
        var claimed = real with { StoredLength = Bytes.Length, PlainLength = Bytes.Length };
        honest.Catalog.Add(id, claim switch
        {
            "elsewhere in the pack" => claimed,
            "outside of the pack" => claimed with { Offset = 1 << 30 },
            "in a pack that does not exist" => claimed with { Pack = await PackThatIsGoneAsync(hostile.Grid) },
            _ => claimed with { Pack = new PackRef("not a cap") },
        });

        await honest.Writer.WriteSmallAsync(Bytes);
        await honest.Packs.FlushAsync();

        honest.Packs.PacksStored.ShouldBe(1);
        var stored = honest.Catalog.Find(id)[0];
        await using var reader = new Room(hostile.Grid);
        reader.Catalog.Add(id, stored);
        (await reader.ReadBlobAsync(id)).ShouldBeBytes(Bytes);
    }

    [Fact]
    public async Task ATrueClaimIsReadOnceAndNothingIsStored()
    {
        await using var first = new Room();
        var small = await first.Writer.WriteSmallAsync(Bytes);
        var large = await first.Writer.WriteSmallAsync(Large);
        await first.Packs.FlushAsync();
        await using var second = new Room(first.Grid, seed: 2);
        Claim(first, second, small.Content, large);
        await second.Reader.ChunksAsync(large.Content, large.Size);

        for (int i = 0; i < 2; i++)
        {
            await second.Writer.WriteSmallAsync(Bytes);
            await second.Writer.WriteSmallAsync(Large);
            await second.Packs.FlushAsync();
            second.Packs.PacksStored.ShouldBe(0);
        }
        second.Catalog.ContainsContent(small.Content).ShouldBeTrue();
        second.Catalog.ContainsContent(large.Content).ShouldBeTrue();
    }

    [Fact]
    public async Task WhatWasDownloadedCountsAsStoredWithoutBeingReadAgain()
    {
        await using var first = new Room();
        var small = await first.Writer.WriteSmallAsync(Bytes);
        await first.Packs.FlushAsync();
        await using var second = new Room(first.Grid, seed: 2);
        second.Catalog.Add(small.Content, first.Catalog.Find(small.Content).Single());
        second.Catalog.Contains(small.Content).ShouldBeFalse();

        await second.ReadAsync(small.Content, small.Size);

        second.Catalog.Contains(small.Content).ShouldBeTrue();
    }

    [Fact]
    public async Task AClaimThatCannotBeLookedAtNowIsNotReliedOn()
    {
        await using var first = new Room();
        var small = await first.Writer.WriteSmallAsync(Bytes);
        await first.Packs.FlushAsync();
        await using var second = new Room(first.Grid, seed: 2);
        second.Catalog.Add(small.Content, first.Catalog.Find(small.Content).Single());
        first.Grid.FailReads = GridFailure.Unavailable;

        await second.Writer.WriteSmallAsync(Bytes);
        await second.Packs.FlushAsync();

        second.Packs.PacksStored.ShouldBe(1);
    }

    [Fact]
    public async Task ATreeWhoseTablesAreTrueAndReadIsNotStoredAgain()
    {
        await using var first = new Room();
        var (snapshot, published, contents) = await PublishAsync(first);
        await using var second = new Room(first.Grid, seed: 2);
        await FetchAsync(second, snapshot, published);
        foreach (var content in contents) await second.ReadAsync(content.Content, content.Size);
        long before = first.Grid.BytesPut;

        var next = Room.SnapshotOf(snapshot.Root, 2);
        await SnapshotPublisher.StoreAsync(next, second.Nodes, second.Catalog, second.Packs);

        (first.Grid.BytesPut - before).ShouldBeLessThan(1000, "the snapshot alone");
    }

    [Fact]
    public async Task ATreeOfWhichAContentWasNotFoundWhereItSaysIsStoredAgainWithItsTruePlace()
    {
        // The table of the first one's leaf is what the second would refer to. The first has lost the content since.
        await using var first = new Room();
        var (snapshot, published, contents) = await PublishAsync(first);
        await using var second = new Room(first.Grid, seed: 2);
        await FetchAsync(second, snapshot, published);
        await second.ReadAsync(contents[1].Content, contents[1].Size);
        var lost = second.Catalog.Find(contents[0].Content).Single();
        first.Grid.Damage(lost.Pack.Reveal());
        await second.Blobs.DisposeAsync();

        await second.Writer.WriteSmallAsync(Bytes);
        var next = Room.SnapshotOf(snapshot.Root, 2);
        var stored = await SnapshotPublisher.StoreAsync(next, second.Nodes, second.Catalog, second.Packs);

        await using var third = new Room(first.Grid, seed: 3);
        await third.Fetcher.FetchSnapshotAsync(stored.Id, stored.Location);
        await third.Fetcher.FetchTreeAsync(snapshot.Root, third.Nodes);
        (await third.ReadAsync(contents[0].Content, contents[0].Size)).ShouldBeBytes(Bytes);
    }

    [Fact]
    public async Task AFalseListOfChunksDoesNotHideTheTrueOne()
    {
        await using var room = new Room();
        var large = await room.Writer.WriteSmallAsync(Large);
        var other = await room.Writer.WriteSmallAsync(Room.RandomBytes(8, 6_000_000));
        await room.Packs.FlushAsync();
        await using var reader = new Room(room.Grid);
        Claim(room, reader, other.Content, other);
        // The false one was told first.
        reader.Catalog.AddChunkList(large.Content, room.Catalog.FindChunkLists(other.Content)[0]);
        Claim(room, reader, large.Content, large);
        reader.Catalog.Add(large.Content, room.Catalog.Find(room.Catalog.FindChunkLists(other.Content)[0]).Single());

        (await reader.ReadAsync(large.Content, large.Size)).ShouldBeBytes(Large);

        reader.Catalog.FindChunkLists(large.Content).ShouldBe(room.Catalog.FindChunkLists(large.Content));
    }

    private static void Claim(Room from, Room to, BlobId single, ContentSummary large)
    {
        foreach (var place in from.Catalog.Find(single)) to.Catalog.Add(single, place);
        foreach (var list in from.Catalog.FindChunkLists(large.Content))
        {
            to.Catalog.AddChunkList(large.Content, list);
            to.Catalog.Add(list, from.Catalog.Find(list).Single());
        }
    }

    private static async Task<PackRef> PackThatIsGoneAsync(MemoryGrid grid)
    {
        await using var room = new Room(grid, seed: 99);
        var content = await room.Writer.WriteSmallAsync("gone"u8.ToArray());
        await room.Packs.FlushAsync();
        var pack = room.Catalog.Find(content.Content).Single().Pack;
        grid.Remove(pack.Reveal());
        Cap.Parse(pack.Reveal()).ShouldBeOfType<ChkCap>();
        return pack;
    }

    private static async Task<(Model.Snapshots.Snapshot Snapshot, StoredSnapshot Stored, ContentSummary[] Contents)> PublishAsync(Room room)
    {
        var first = await room.Writer.WriteSmallAsync(Bytes);
        await room.Packs.FlushAsync();
        var second = await room.Writer.WriteSmallAsync(Large);
        var tree = Dmt.Empty(room.Nodes).With([Room.File("a", first, 1), Room.File("b", second, 1)]);
        var snapshot = Room.SnapshotOf(tree.Root, 1);
        var stored = await SnapshotPublisher.StoreAsync(snapshot, room.Nodes, room.Catalog, room.Packs);
        return (snapshot, stored, [first, second]);
    }

    private static async Task FetchAsync(Room room, Model.Snapshots.Snapshot snapshot, StoredSnapshot stored)
    {
        await room.Fetcher.FetchSnapshotAsync(stored.Id, stored.Location);
        await room.Fetcher.FetchTreeAsync(snapshot.Root, room.Nodes);
    }
}
