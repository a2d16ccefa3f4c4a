using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Contents;

public sealed class ContentStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(Chunker.MaxLength)]
    [InlineData(20_000_000)]
    public async Task TheWholeAndAnyPartAreReadMoreThanOnce(int length)
    {
        byte[] bytes = Room.RandomBytes(length, length);
        await using var room = await WithAsync(bytes);
        await room.Reader.UseStreamAsync(
            BlobId.Of(bytes), length,
            async stream =>
            {
                stream.Length.ShouldBe(length);
                for (int pass = 0; pass < 2; pass++)
                {
                    stream.Position = 0;
                    (await AllAsync(stream)).ShouldBeBytes(bytes);
                    (await stream.ReadAsync(new byte[1])).ShouldBe(0);
                }
                foreach (int at in new[] { length / 2, length / 3, length - 1, 0 })
                {
                    stream.Position = at;
                    (await AllAsync(stream)).ShouldBeBytes(bytes[at..]);
                }
                return true;
            });
    }

    [Fact]
    public async Task AListOfSomethingElseIsToldAtTheEndAndTheNextOneIsTried()
    {
        byte[] bytes = Room.RandomBytes(1, 5_000_000);
        byte[] others = Room.RandomBytes(2, 5_000_000);
        await using var room = await WithAsync(bytes);
        await room.Writer.WriteSmallAsync(others);
        await room.Packs.FlushAsync();
        await using var misled = new Room(room.Grid);
        Tell(BlobId.Of(others));
        await Should.ThrowAsync<DamagedBytesException>(async () => await misled.Reader.UseStreamAsync(BlobId.Of(bytes), bytes.Length, async stream => await AllAsync(stream)));
        Tell(BlobId.Of(bytes));
        (await misled.Reader.UseStreamAsync(BlobId.Of(bytes), bytes.Length, async stream => await AllAsync(stream))).ShouldBeBytes(bytes);

        void Tell(BlobId content)
        {
            var list = room.Catalog.FindChunkLists(content)[0];
            misled.Catalog.Add(list, room.Catalog.Find(list).Single());
            misled.Catalog.AddChunkList(BlobId.Of(bytes), list);
        }
    }

    [Fact]
    public async Task WhatNobodyHasIsOneError()
    {
        await using var room = await WithAsync([1, 2, 3]);
        await Should.ThrowAsync<GridException>(async () => await room.Reader.UseStreamAsync(BlobId.Of([4]), 1, async stream => await AllAsync(stream)));
    }

    private static async Task<Room> WithAsync(byte[] bytes)
    {
        var room = new Room();
        await room.Writer.WriteSmallAsync(bytes);
        await room.Packs.FlushAsync();
        return room;
    }

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, 100_001);
        return all.ToArray();
    }
}
