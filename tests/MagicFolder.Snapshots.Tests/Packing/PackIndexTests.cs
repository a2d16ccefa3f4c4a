using System.Buffers.Binary;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;
using MagicFolder.Snapshots.Tests.Framing;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Tests.Packing;

public sealed class PackIndexTests
{
    [Fact]
    public async Task APackAloneTellsWhatItHolds()
    {
        await using var room = new Room();
        byte[] small = "small"u8.ToArray();
        byte[] zeros = new byte[100_000];
        await room.Packs.AddAsync(BlobId.Of(small), small);
        await room.Packs.AddAsync(BlobId.Of(zeros), zeros);
        await room.Packs.FlushAsync();

        var pack = room.Catalog.Packs.Single();
        var blobs = await ReadIndexAsync(room.Grid, pack);

        blobs.Select(blob => blob.Id).ShouldBe([BlobId.Of(small), BlobId.Of(zeros)]);
        foreach (var blob in blobs) room.Catalog.Find(blob.Id).ShouldBe([blob.Location]);
    }

    [Fact]
    public async Task TheBytesOfAPackAreFrozen()
    {
        await using var room = new Room();
        await room.Packs.AddAsync(BlobId.Of("hello"u8), "hello"u8.ToArray());
        await room.Packs.FlushAsync();
        Convert.ToHexStringLower(room.Grid[room.Grid.Caps.Single()]).ShouldBe(Frozen.Pack);
    }

    [Fact]
    public async Task ANewerPackIsRefusedAsSuch()
    {
        await using var room = await WithPackAsync();
        string cap = room.Grid.Caps.Single();
        byte[] bytes = [.. room.Grid[cap]];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), 2);
        room.Grid.Replace(cap, bytes);

        (await Should.ThrowAsync<DamagedBytesException>(() => ReadIndexAsync(room.Grid, new PackRef(cap)))).Reason.ShouldBe(DamageReason.NewerFormat);
    }

    [Fact]
    public async Task DamagedPacksEndInTheOneException()
    {
        await using var room = await WithPackAsync();
        string cap = room.Grid.Caps.Single();
        byte[] sound = room.Grid[cap];
        var random = new Random(1);
        int refused = 0;
        for (int trial = 0; trial < 5_000; trial++)
        {
            byte[] bytes = [.. sound];
            // Most flips into the index and the trailer, where they matter.
            for (int flips = random.Next(1, 4); flips > 0; flips--) bytes[^random.Next(1, Math.Min(bytes.Length, 150))] ^= (byte)(1 << random.Next(8));
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            room.Grid.Replace(cap, bytes);
            try
            {
                var blobs = await ReadIndexAsync(room.Grid, new PackRef(cap));
                blobs.ShouldAllBe(blob => blob.Location.Offset + blob.Location.StoredLength <= bytes.Length);
            }
            catch (DamagedBytesException)
            {
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(2_500);
    }

    private static async Task<Room> WithPackAsync()
    {
        var room = new Room();
        foreach (byte[] blob in new[] { "one"u8.ToArray(), "two"u8.ToArray(), new byte[1000] }) await room.Packs.AddAsync(BlobId.Of(blob), blob);
        await room.Packs.FlushAsync();
        return room;
    }

    private static async Task<IReadOnlyList<PackedBlob>> ReadIndexAsync(IGrid grid, PackRef pack)
    {
        await using var file = await grid.OpenImmutableAsync(Cap.Parse<ImmutableCap>(pack.Reveal()), CancellationToken.None);
        return await PackIndex.ReadAsync(file, pack, CancellationToken.None);
    }
}
