using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Tests.Packing;

public sealed class BlobReaderTests
{
    private static readonly byte[] Blob = Room.RandomBytes(1, 5000);
    private static readonly BlobId Id = BlobId.Of(Blob);

    [Fact]
    public async Task ADeadPlaceFallsBackToAnother()
    {
        await using var room = await WithTwoPlacesAsync();
        room.Grid.Remove(room.Catalog.Find(Id)[0].Pack.Reveal());
        (await room.ReadBlobAsync(Id)).ShouldBeBytes(Blob);
    }

    [Fact]
    public async Task ADamagedPlaceFallsBackToAnother()
    {
        await using var room = await WithTwoPlacesAsync();
        room.Grid.Damage(room.Catalog.Find(Id)[0].Pack.Reveal());
        (await room.ReadBlobAsync(Id)).ShouldBeBytes(Blob);
    }

    [Fact]
    public async Task APlaceThatHoldsSomethingElseFallsBackToAnother()
    {
        await using var room = await WithTwoPlacesAsync();
        string cap = room.Catalog.Find(Id)[0].Pack.Reveal();
        byte[] forged = [.. room.Grid[cap]];
        forged[20] ^= 1;
        room.Grid.Replace(cap, forged);
        (await room.ReadBlobAsync(Id)).ShouldBeBytes(Blob);
    }

    [Fact]
    public async Task WhenNoPlaceIsLeftTheErrorNamesTheBlobAndThePackButNoSecret()
    {
        await using var room = await WithTwoPlacesAsync();
        foreach (string cap in room.Grid.Caps) room.Grid.Damage(cap);

        var error = await Should.ThrowAsync<GridException>(() => room.ReadBlobAsync(Id));

        error.Failure.ShouldBe(GridFailure.Damaged);
        error.Message.ShouldContain(Id.ToString());
        error.Message.ShouldContain(Cap.Parse<ChkCap>(room.Catalog.Find(Id)[^1].Pack.Reveal()).StorageIndex.ToString());
        foreach (string cap in room.Grid.Caps) error.ToString().ShouldNotContain(cap);
    }

    [Fact]
    public async Task AsLongAsOnePlaceMayComeBackTheFailureIsTransient()
    {
        await using var room = await WithTwoPlacesAsync();
        room.Grid.Damage(room.Catalog.Find(Id)[1].Pack.Reveal());
        room.Grid.ReadsLeft = 0;
        (await Should.ThrowAsync<GridException>(() => room.ReadBlobAsync(Id))).IsPermanent.ShouldBeFalse();
    }

    [Fact]
    public async Task APlaceThatWasLostIsTriedLast()
    {
        await using var room = await WithTwoPlacesAsync();
        var lost = room.Catalog.Find(Id)[0].Pack;
        room.Catalog.Lost.Add(lost);
        (await room.ReadBlobAsync(Id)).ShouldBeBytes(Blob);

        room.Grid.Remove(room.Catalog.Find(Id)[0].Pack.Reveal());
        (await room.ReadBlobAsync(Id)).ShouldBeBytes(Blob);
    }

    [Fact]
    public async Task AnUnknownBlobIsNotFound()
    {
        await using var room = new Room();
        (await Should.ThrowAsync<GridException>(() => room.ReadBlobAsync(Id))).Failure.ShouldBe(GridFailure.NotFound);
    }

    [Fact]
    public async Task HostileLocationsAreRefusedWithoutHarm()
    {
        await using var room = new Room();
        await room.Packs.AddAsync(Id, Blob);
        await room.Packs.FlushAsync();
        var good = room.Catalog.Find(Id).Single();
        BlobLocation[] hostile =
        [
            good with { Offset = long.MaxValue },
            good with { Offset = -1 },
            good with { StoredLength = int.MaxValue, PlainLength = int.MaxValue },
            good with { StoredLength = -1, PlainLength = -1 },
            good with { Encoding = BlobEncoding.Deflate },
            good with { Encoding = BlobEncoding.Deflate, PlainLength = int.MaxValue },
            good with { Encoding = BlobEncoding.Framed },
            good with { Encoding = BlobEncoding.FramedDeflate },
            good with { Encoding = (BlobEncoding)99 },
            good with { PlainLength = 1 },
            good with { Pack = new PackRef("URI:CHK:nonsense") },
            good with { Pack = new PackRef("not a cap") },
        ];
        foreach (var location in hostile)
        {
            await using var other = new Room(room.Grid);
            other.Catalog.Add(Id, location);
            await Should.ThrowAsync<GridException>(() => other.ReadBlobAsync(Id), $"{location}");
        }
    }

    [Fact]
    public async Task ACompressedBlobThatExpandsBeyondItsAnnouncementIsRefused()
    {
        await using var room = new Room();
        byte[] bomb = new byte[4 << 20];
        await room.Packs.AddAsync(BlobId.Of(bomb), bomb);
        await room.Packs.FlushAsync();
        var location = room.Catalog.Find(BlobId.Of(bomb)).Single();
        location.Encoding.ShouldBe(BlobEncoding.Deflate);
        await using var other = new Room(room.Grid);
        other.Catalog.Add(BlobId.Of(bomb), location with { PlainLength = 1000 });

        (await Should.ThrowAsync<GridException>(() => other.ReadBlobAsync(BlobId.Of(bomb)))).Failure.ShouldBe(GridFailure.Damaged);
    }

    [Fact]
    public async Task NeighbouringBlobsAreFetchedTogether()
    {
        await using var room = new Room();
        byte[][] blobs = [.. Enumerable.Range(0, 1000).Select(seed => Room.RandomBytes(seed, 2000))];
        foreach (byte[] blob in blobs) await room.Packs.AddAsync(BlobId.Of(blob), blob);
        await room.Packs.FlushAsync();

        foreach (byte[] blob in blobs) (await room.ReadBlobAsync(BlobId.Of(blob))).ShouldBeBytes(blob);

        room.Grid.Reads.ShouldBe(2, "2 MB are two windows of 1 MiB");
        room.Grid.Opens.ShouldBe(1);
    }

    [Fact]
    public async Task FewPacksStayOpen()
    {
        await using var room = new Room(options: new PackOptions { TargetSize = 4096, Background = false });
        byte[][] blobs = [.. Enumerable.Range(0, 100).Select(seed => Room.RandomBytes(seed, 5000))];
        foreach (byte[] blob in blobs) await room.Packs.AddAsync(BlobId.Of(blob), blob);
        await room.Packs.FlushAsync();
        foreach (byte[] blob in blobs) await room.ReadBlobAsync(BlobId.Of(blob));

        room.Grid.OpenHandles.ShouldBe(16);
        await room.Blobs.DisposeAsync();
        room.Grid.OpenHandles.ShouldBe(0);
    }

    private static async Task<Room> WithTwoPlacesAsync()
    {
        var room = new Room();
        await using var other = new Room(room.Grid, seed: 2);
        foreach (var each in new[] { room, other })
        {
            await each.Packs.AddAsync(Id, Blob);
            await each.Packs.FlushAsync();
        }
        room.Catalog.Add(Id, other.Catalog.Find(Id).Single());
        room.Catalog.Find(Id).Count.ShouldBe(2);
        return room;
    }
}
