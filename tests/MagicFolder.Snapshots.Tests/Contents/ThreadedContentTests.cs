using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Contents;

/// <summary>Several threads do what one does, and leave nothing behind when something goes wrong.</summary>
public sealed class ThreadedContentTests
{
    private static readonly PackOptions SmallPacks = new() { TargetSize = 4 << 20, Underway = 3 };

    [Fact]
    public async Task SeveralThreadsMakeThePacksThatOneMakes()
    {
        byte[] bytes = [.. Room.RandomBytes(1, 25_000_000), .. new byte[6_000_000]];
        var runs = new List<(ContentSummary Summary, IReadOnlyList<PackRef> Packs)>();
        foreach (int threads in (int[])[1, 4])
        {
            await using var room = new Room(options: SmallPacks with { Background = threads > 1 }, seed: 7, threads: threads);
            var summary = await ContentTests.WriteAsync(room, bytes, 1_000_003);
            await room.Packs.FlushAsync();
            runs.Add((summary, room.Catalog.Packs));
        }
        runs[1].Summary.ShouldBe(runs[0].Summary);
        runs[1].Packs.ShouldBe(runs[0].Packs);
        runs[0].Summary.Content.ShouldBe(BlobId.Of(bytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task AlongAFormerVersionTheSameChunksAreCut(int threads)
    {
        byte[] noise = Room.RandomBytes(1, 30_000_000);
        byte[] old = [.. noise.AsSpan(0, 16_000_000), .. new byte[9_000_000], .. noise.AsSpan(16_000_000), .. noise.AsSpan(0, 5_000_000)];
        byte[] edited = [.. old];
        Room.RandomBytes(2, 3_000).CopyTo(edited, 11_000_000);
        byte[][] versions =
        [
            old,
            [.. old.AsSpan(0, 9_000_000), .. "inserted"u8, .. old.AsSpan(9_000_000)],
            [.. old.AsSpan(0, 3_000_000), .. old.AsSpan(7_654_321)],
            [.. old.AsSpan(12_000_000), .. old.AsSpan(0, 12_000_000)],
            edited,
            [.. old, .. noise],
            old[..13_000_000],
            Room.RandomBytes(3, 12_000_000),
        ];
        await using var plain = new Room(options: SmallPacks, seed: 7);
        await using var room = new Room(options: SmallPacks, seed: 7, threads: threads);
        var former = await ContentTests.WriteAsync(room, old, 1 << 20);
        await room.Packs.FlushAsync();
        var chunks = await room.Reader.ChunksAsync(former.Content, former.Size);
        foreach (byte[] version in versions)
        {
            var expected = await ContentTests.WriteAsync(plain, version, 1 << 20);
            var summary = await ContentTests.WriteAsync(room, version, 700_001, chunks);
            summary.ShouldBe(expected);
            await room.Packs.FlushAsync();
            await plain.Packs.FlushAsync();
            (await room.Reader.ChunksAsync(summary.Content, summary.Size)).ShouldBe(await plain.Reader.ChunksAsync(expected.Content, expected.Size));
            summary.Content.ShouldBe(BlobId.Of(version));
        }
    }

    /// <summary>The former version had no boundary within its chunk, by what somebody says; the new one has, and ends like that chunk.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ABoundaryThatTheFormerVersionHadNotIsFound(int threads)
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        await using var room = new Room(options: SmallPacks, threads: threads);
        var summary = await ContentTests.WriteAsync(room, bytes, 1 << 20);
        await room.Packs.FlushAsync();
        var chunks = await room.Reader.ChunksAsync(summary.Content, summary.Size);
        // Two neighbours that are short enough and end behind the average length.
        int first = Enumerable.Range(0, chunks.Count - 2).First(i => chunks[i].Length + chunks[i + 1].Length < 4_000_000 && chunks[i + 1].Length > 1_100_000);
        var joined = new ChunkRef(BlobId.Of("something else"u8), chunks[first].Offset, chunks[first].Length + chunks[first + 1].Length);
        ChunkRef[] former = [.. chunks.Take(first), joined, .. chunks.Skip(first + 2)];

        await Should.ThrowAsync<ChunksMovedException>(() => ContentTests.WriteAsync(room, bytes, 1 << 20, former));
        room.Writer.Abandon();

        (await ContentTests.WriteAsync(room, bytes, 1 << 20)).ShouldBe(summary);
    }

    /// <summary>Others may cut chunks of up to 8 MiB.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task AFormerVersionWithLongerChunksIsOfNoUseAndNoHarm(int threads)
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        await using var room = new Room(options: SmallPacks, threads: threads);
        var expected = await ContentTests.WriteAsync(room, bytes, 1 << 20);
        ChunkRef[] former = [new(BlobId.Of("long"u8), 0, 8 << 20), new(BlobId.Of("longer"u8), 8 << 20, bytes.Length - (8 << 20))];

        (await ContentTests.WriteAsync(room, bytes, 1 << 20, former)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task WhatIsReadAheadIsTheContent(int threads)
    {
        // Noise, zeros that are compressed, and the same chunks once more.
        byte[] noise = Room.RandomBytes(1, 18_000_000);
        byte[] bytes = [.. noise, .. new byte[9_000_000], .. noise];
        await using var room = new Room(options: SmallPacks, threads: threads);
        var summary = await ContentTests.WriteAsync(room, bytes, 1 << 20);
        await room.Packs.FlushAsync();

        (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task ADamagedPackIsReadFromWhereElseItsChunksAre()
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        await using var other = new Room(options: SmallPacks, seed: 2);
        await ContentTests.WriteAsync(other, bytes, 1 << 20);
        await other.Packs.FlushAsync();
        await using var room = new Room(other.Grid, SmallPacks, threads: 4);
        var summary = await ContentTests.WriteAsync(room, bytes, 1 << 20);
        await room.Packs.FlushAsync();
        foreach (var chunk in await room.Reader.ChunksAsync(summary.Content, summary.Size)) room.Catalog.Add(chunk.Id, other.Catalog.Find(chunk.Id)[0]);
        string hurt = room.Catalog.Packs[2].Reveal();
        room.Grid.Damage(hurt);
        // And one that gives other bytes without a word.
        string lying = room.Catalog.Packs[1].Reveal();
        room.Grid.Replace(lying, [.. room.Grid[lying].Select(b => (byte)(b ^ 1))]);

        (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task AChunkThatIsNowhereIsOneErrorAndNothingStaysOpen()
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        var grid = new MemoryGrid();
        await using (var room = new Room(grid, SmallPacks, threads: 4))
        {
            var summary = await ContentTests.WriteAsync(room, bytes, 1 << 20);
            await room.Packs.FlushAsync();
            grid.Damage(room.Catalog.Packs[2].Reveal());
            (await Should.ThrowAsync<GridException>(() => room.ReadAsync(summary.Content, summary.Size))).Failure.ShouldBe(GridFailure.Damaged);
        }
        grid.OpenHandles.ShouldBe(0);
    }

    [Fact]
    public async Task ASinkThatThrowsEndsTheReadingAhead()
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        var grid = new MemoryGrid();
        await using (var room = new Room(grid, SmallPacks, threads: 4))
        {
            var summary = await ContentTests.WriteAsync(room, bytes, 1 << 20);
            await room.Packs.FlushAsync();
            await Should.ThrowAsync<IOException>(async () => await room.Reader.ReadAsync(
                summary.Content, summary.Size, (offset, _, _) => offset > 3_000_000 ? throw new IOException("full") : default));
            using var cancel = new CancellationTokenSource();
            await Should.ThrowAsync<OperationCanceledException>(async () => await room.Reader.ReadAsync(
                summary.Content, summary.Size, (offset, _, _) =>
                {
                    if (offset > 3_000_000) cancel.Cancel();
                    return default;
                },
                cancel.Token));
            int reads = grid.Reads;
            await Task.Yield();
            grid.Reads.ShouldBe(reads);
            (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
        }
        grid.OpenHandles.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task WhatALenderHasIsNotFetchedAndWhatItGetsWrongIs(int threads)
    {
        byte[] old = Room.RandomBytes(1, 30_000_000);
        byte[] changed = [.. old.AsSpan(0, 9_000_000), .. "inserted"u8, .. old.AsSpan(9_000_000)];
        await using var room = new Room(options: SmallPacks, threads: threads);
        var former = await ContentTests.WriteAsync(room, old, 1 << 20);
        var summary = await ContentTests.WriteAsync(room, changed, 1 << 20);
        await room.Packs.FlushAsync();
        // Damaged, cut short.
        byte[] onDisk = old[..^2_000_000];
        onDisk[20_000_000] ^= 1;
        var lender = new Lender(await room.Reader.ChunksAsync(former.Content, former.Size), onDisk);
        long before = room.Grid.BytesRead;

        using var all = new MemoryStream();
        await room.Reader.ReadAsync(summary.Content, summary.Size, lender, (_, bytes, _) =>
        {
            all.Write(bytes.Span);
            return default;
        });

        all.ToArray().ShouldBeBytes(changed);
        (room.Grid.BytesRead - before).ShouldBeLessThan(16_000_000);
    }

    [Fact]
    public async Task AThreadedWriterGoesOnAfterTheGridFailedAndAfterItWasAbandoned()
    {
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        await using var room = new Room(options: new PackOptions { TargetSize = 1 << 20, Underway = 2 }, threads: 4);
        room.Grid.FailPuts = GridFailure.NoSpace;
        await Should.ThrowAsync<GridException>(() => ContentTests.WriteAsync(room, bytes, 65_536));
        room.Writer.Abandon();
        room.Grid.FailPuts = null;
        // All that failed at the same time was told at once: nothing old comes up now.
        room.Writer.Begin();
        await room.Writer.AppendAsync(bytes.AsMemory(0, 9_000_000));
        room.Writer.Abandon();

        var summary = await ContentTests.WriteAsync(room, bytes, 65_536);
        await room.Packs.FlushAsync();
        summary.Content.ShouldBe(BlobId.Of(bytes));
        (await room.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    private sealed class Lender(IReadOnlyList<ChunkRef> chunks, byte[] bytes) : IChunkLender
    {
        public long Find(BlobId chunk) => chunks.FirstOrDefault(known => known.Id == chunk, new ChunkRef(chunk, -1, 0)).Offset;

        public int Read(long offset, Span<byte> buffer)
        {
            var there = bytes.AsSpan((int)Math.Min(offset, bytes.Length));
            int count = Math.Min(there.Length, buffer.Length);
            there[..count].CopyTo(buffer);
            return count;
        }
    }
}
