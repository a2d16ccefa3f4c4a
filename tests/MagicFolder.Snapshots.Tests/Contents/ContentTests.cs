using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Contents;

public sealed class ContentTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunker.MinLength)]
    [InlineData(Chunker.MaxLength)]
    [InlineData(Chunker.MaxLength + 1)]
    [InlineData(2 * Chunker.MaxLength)]
    [InlineData((2 * Chunker.MaxLength) + 1)]
    [InlineData(20_000_000)]
    public async Task ContentsComeBackHoweverTheyWereFed(int length)
    {
        byte[] bytes = Room.RandomBytes(length, length);
        await using var room = new Room();
        var whole = await room.Writer.WriteSmallAsync(bytes);
        foreach (int piece in new[] { 65_536, 1_000_003, Math.Max(1, length) })
        {
            await using var other = new Room();
            (await WriteAsync(other, bytes, piece)).ShouldBe(whole, $"in pieces of {piece}");
        }
        await room.Packs.FlushAsync();

        whole.Content.ShouldBe(BlobId.Of(bytes));
        whole.Size.ShouldBe(length);
        room.Catalog.ContainsContent(whole.Content).ShouldBeTrue();
        (await room.ReadAsync(whole.Content, length)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task AChangeInALargeFileStoresTheChunksAroundItAlone()
    {
        byte[] old = Room.RandomBytes(1, 30_000_000);
        byte[] changed = [.. old.AsSpan(0, 9_000_000), .. "inserted"u8, .. old.AsSpan(9_000_000)];
        await using var room = new Room();
        await WriteAsync(room, old, 65_536);
        await room.Packs.FlushAsync();
        long before = room.Grid.BytesPut;

        var summary = await WriteAsync(room, changed, 65_536);
        await room.Packs.FlushAsync();

        (room.Grid.BytesPut - before).ShouldBeLessThan(9 << 20);
        (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(changed);
    }

    [Fact]
    public async Task TheListOfChunksAddsUpAndEachCanBeReadAlone()
    {
        byte[] bytes = Room.RandomBytes(1, 10_000_000);
        await using var room = new Room();
        var summary = await WriteAsync(room, bytes, 65_536);
        await room.Packs.FlushAsync();

        var chunks = await room.Reader.ChunksAsync(summary.Content, summary.Size);

        chunks.Count.ShouldBe(summary.Chunks);
        foreach (var chunk in chunks)
        {
            using var blob = await room.Reader.ReadBlobAsync(chunk.Id);
            blob.Memory.Span.SequenceEqual(bytes.AsSpan((int)chunk.Offset, chunk.Length)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task VeryManyChunksMakeAListOfLists()
    {
        // Three parts a list: some 40 chunks need lists of four levels.
        byte[] bytes = Room.RandomBytes(1, 40_000_000);
        await using var room = new Room(maxListParts: 3);
        var summary = await WriteAsync(room, bytes, 1 << 20);
        await room.Packs.FlushAsync();

        summary.Chunks.ShouldBeGreaterThan(27);
        (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task AListFilledToTheBrimStaysOneList()
    {
        byte[] bytes = Room.RandomBytes(1, 10_000_000);
        int chunks;
        await using (var measure = new Room()) chunks = (await measure.Writer.WriteSmallAsync(bytes)).Chunks;
        await using var brim = new Room(maxListParts: chunks);
        var summary = await brim.Writer.WriteSmallAsync(bytes);
        await brim.Packs.FlushAsync();

        brim.Catalog.Count.ShouldBe(chunks + 1);
        (await brim.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task ChunksInSeveralPacksAreFoundByWhoKnowsTheListAlone()
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        await using var room = new Room(options: new PackOptions { TargetSize = 4 << 20 });
        var summary = await WriteAsync(room, bytes, 65_536);
        await room.Packs.FlushAsync();
        room.Grid.Puts.ShouldBeGreaterThan(3);

        await using var reader = new Room(room.Grid);
        var list = room.Catalog.FindChunkList(summary.Content).ShouldNotBeNull();
        reader.Catalog.Add(list, room.Catalog.Find(list).Single());
        reader.Catalog.AddChunkList(summary.Content, list);
        (await reader.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task AListOfAnotherContentIsRefused()
    {
        await using var room = new Room();
        byte[] bytes = Room.RandomBytes(1, 5_000_000);
        byte[] other = Room.RandomBytes(2, 5_000_000);
        await WriteAsync(room, bytes, 65_536);
        await WriteAsync(room, other, 65_536);
        await room.Packs.FlushAsync();
        var wrong = room.Catalog.FindChunkList(BlobId.Of(other))!.Value;
        await using var misled = new Room(room.Grid);
        misled.Catalog.Add(wrong, room.Catalog.Find(wrong).Single());
        misled.Catalog.AddChunkList(BlobId.Of(bytes), wrong);

        (await Should.ThrowAsync<DamagedBytesException>(() => misled.ReadAsync(BlobId.Of(bytes), bytes.Length))).Reason.ShouldBe(DamageReason.WrongHash);
        await Should.ThrowAsync<DamagedBytesException>(() => room.ReadAsync(BlobId.Of(other), other.Length - 1));
        await Should.ThrowAsync<DamagedBytesException>(() => room.ReadAsync(BlobId.Of(other), other.Length + 1));
    }

    [Fact]
    public async Task AbandonedContentLeavesNoTrace()
    {
        byte[] bytes = Room.RandomBytes(1, 10_000_000);
        await using var room = new Room();
        room.Writer.Begin();
        await room.Writer.AppendAsync(bytes.AsMemory(0, 9_000_000));
        room.Writer.Abandon();

        var summary = await WriteAsync(room, bytes, 65_536);
        await room.Packs.FlushAsync();
        (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task AWriterGoesOnAfterTheGridFailed()
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        await using var room = new Room(options: new PackOptions { TargetSize = 1 << 20, Background = false });
        room.Grid.FailPuts = GridFailure.NoSpace;
        await Should.ThrowAsync<GridException>(() => WriteAsync(room, bytes, 65_536));
        room.Writer.Abandon();
        room.Grid.FailPuts = null;

        var summary = await WriteAsync(room, bytes, 65_536);
        await room.Packs.FlushAsync();
        (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    internal static async Task<ContentSummary> WriteAsync(Room room, byte[] bytes, int piece, IReadOnlyList<ChunkRef>? former = null)
    {
        room.Writer.Begin(former);
        for (int offset = 0; offset < bytes.Length; offset += piece)
            await room.Writer.AppendAsync(bytes.AsMemory(offset, Math.Min(piece, bytes.Length - offset)));
        return await room.Writer.CompleteAsync();
    }
}
