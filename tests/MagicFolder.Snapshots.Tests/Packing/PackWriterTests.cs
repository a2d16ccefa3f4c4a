using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Packing;

public sealed class PackWriterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BlobsOfAllSizesComeBackFromTheGrid(bool background)
    {
        await using var room = new Room(options: new PackOptions { TargetSize = 1 << 20, Background = background });
        var random = new Random(1);
        var blobs = new Dictionary<BlobId, byte[]>();
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = i % 2 == 0 ? Room.RandomBytes(i, random.Next(30_000)) : Text(random.Next(300_000));
            blobs[BlobId.Of(bytes)] = bytes;
            await room.Packs.AddAsync(BlobId.Of(bytes), bytes);
        }
        await room.Packs.FlushAsync();

        room.Grid.Puts.ShouldBeGreaterThan(2);
        room.Catalog.Packs.Count.ShouldBe(room.Grid.Puts);
        room.Packs.PacksStored.ShouldBe(room.Grid.Puts);
        room.Packs.BytesStored.ShouldBe(room.Grid.BytesPut);
        room.Catalog.Packs.ShouldAllBe(pack => room.Grid[pack.Reveal()].Length <= (1 << 20) + 400_000);
        foreach (var (id, bytes) in blobs) (await room.ReadBlobAsync(id)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task WhatIsThereAlreadyIsNotStoredAgain()
    {
        await using var room = new Room();
        byte[] bytes = Room.RandomBytes(1, 1000);
        await room.Packs.AddAsync(BlobId.Of(bytes), bytes);
        await room.Packs.AddAsync(BlobId.Of(bytes), bytes);
        room.Packs.Contains(BlobId.Of(bytes)).ShouldBeTrue();
        await room.Packs.FlushAsync();
        room.Packs.Contains(BlobId.Of(bytes)).ShouldBeFalse();

        await room.Packs.AddAsync(BlobId.Of(bytes), bytes);
        await room.Packs.FlushAsync();
        await room.Packs.FlushAsync();

        room.Grid.Puts.ShouldBe(1);
        room.Grid.BytesPut.ShouldBeLessThan(1200);
    }

    [Fact]
    public async Task TextIsCompressedAndNoiseIsNot()
    {
        await using var room = new Room();
        byte[] text = Text(500_000);
        byte[] noise = Room.RandomBytes(1, 500_000);
        await room.Packs.AddAsync(BlobId.Of(text), text);
        await room.Packs.AddAsync(BlobId.Of(noise), noise);
        await room.Packs.FlushAsync();

        room.Catalog.Find(BlobId.Of(text)).Single().Encoding.ShouldBe(BlobEncoding.Deflate);
        room.Catalog.Find(BlobId.Of(text)).Single().StoredLength.ShouldBeLessThan(400_000);
        room.Catalog.Find(BlobId.Of(noise)).Single().Encoding.ShouldBe(BlobEncoding.Plain);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFailedUploadLosesNothingAndIsRepeatedUnderTheSameKey(bool background)
    {
        await using var room = new Room(options: new PackOptions { TargetSize = 64 * 1024, Background = background });
        byte[][] blobs = [.. Enumerable.Range(0, 4).Select(seed => Room.RandomBytes(seed, 50_000))];
        room.Grid.FailPuts = GridFailure.Unavailable;
        int failures = 0;
        foreach (byte[] blob in blobs) await RepeatedAsync(() => room.Packs.AddAsync(BlobId.Of(blob), blob));
        await RepeatedAsync(() => room.Packs.FlushAsync());

        failures.ShouldBeGreaterThan(0);
        room.Grid.Puts.ShouldBe(4);
        foreach (byte[] blob in blobs) (await room.ReadBlobAsync(BlobId.Of(blob))).ShouldBeBytes(blob);

        async Task RepeatedAsync(Func<ValueTask> call)
        {
            try
            {
                await call();
            }
            catch (GridException e) when (e.Failure == GridFailure.Unavailable)
            {
                failures++;
                room.Grid.FailPuts = null;
                await call();
            }
        }
    }

    [Fact]
    public async Task TheCatalogLearnsNothingBeforeThePackIsStored()
    {
        await using var room = new Room(options: new PackOptions { TargetSize = 64 * 1024 });
        room.Grid.Gate = new TaskCompletionSource();
        byte[] first = Room.RandomBytes(1, 60_000);
        byte[] second = Room.RandomBytes(2, 60_000);
        await room.Packs.AddAsync(BlobId.Of(first), first);
        await room.Packs.AddAsync(BlobId.Of(second), second);

        room.Catalog.Count.ShouldBe(0);
        room.Packs.Contains(BlobId.Of(first)).ShouldBeTrue();
        var third = room.Packs.AddAsync(BlobId.Of("third"u8), new byte[60_000]);
        third.IsCompleted.ShouldBeFalse("two packs are in memory, so a third has to wait");
        room.Grid.Gate.SetResult();
        await third;
        await room.Packs.FlushAsync();
        room.Catalog.Count.ShouldBe(3);
    }

    [Fact]
    public async Task OneOfThreePacksUnderwayFailsAndNothingIsLostNorToldTooEarly()
    {
        await using var room = new Room(options: new PackOptions { TargetSize = 64 * 1024, Underway = 3 });
        room.Grid.Gate = new TaskCompletionSource();
        byte[][] blobs = [.. Enumerable.Range(0, 4).Select(seed => Room.RandomBytes(seed, 60_000))];
        for (int i = 0; i < 4; i++)
        {
            await room.Packs.AddAsync(BlobId.Of(blobs[i]), blobs[i]);
            // So that the second pack is the second to begin.
            while (room.Grid.Begun < i) await Task.Yield();
        }
        room.Grid.Begun.ShouldBe(3, "three packs are stored while the fourth fills");
        room.Catalog.Count.ShouldBe(0);

        room.Grid.FailPut = 1;
        room.Grid.Gate.SetResult();
        (await Should.ThrowAsync<GridException>(room.Packs.FlushAsync().AsTask())).Failure.ShouldBe(GridFailure.Unavailable);
        room.Catalog.Contains(BlobId.Of(blobs[0])).ShouldBeTrue();
        for (int i = 1; i < 4; i++)
        {
            room.Catalog.Find(BlobId.Of(blobs[i])).ShouldBeEmpty("a pack counts as stored when it and all before it are");
            room.Packs.Contains(BlobId.Of(blobs[i])).ShouldBeTrue();
        }

        await room.Packs.FlushAsync();
        room.Grid.Puts.ShouldBe(4);
        room.Grid.Caps.Count.ShouldBe(4, "what was repeated has the key it had");
        foreach (byte[] blob in blobs) (await room.ReadBlobAsync(BlobId.Of(blob))).ShouldBeBytes(blob);
    }

    [Fact]
    public async Task PacksWithTablesWaitForThoseTheyName()
    {
        await using var room = new Room(options: new PackOptions { TargetSize = 2 << 20, Underway = 3 }, threads: 4);
        byte[] bytes = Room.RandomBytes(1, 20_000_000);
        var summary = await Contents.ContentTests.WriteAsync(room, bytes, 1 << 20);
        await room.Packs.FlushAsync();
        room.Grid.Puts.ShouldBeGreaterThan(5);

        // Whoever knows nothing but the list finds all of it: no place in it leads to nowhere.
        await using var reader = new Room(room.Grid);
        var list = room.Catalog.FindChunkList(summary.Content).ShouldNotBeNull();
        reader.Catalog.Add(list, room.Catalog.Find(list).Single());
        reader.Catalog.AddChunkList(summary.Content, list);
        (await reader.ReadAsync(summary.Content, summary.Size)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task DisposingEndsAllPacksUnderway()
    {
        var room = new Room(options: new PackOptions { TargetSize = 64 * 1024, Underway = 3 });
        room.Grid.Gate = new TaskCompletionSource();
        for (int seed = 0; seed < 4; seed++)
        {
            byte[] bytes = Room.RandomBytes(seed, 60_000);
            await room.Packs.AddAsync(BlobId.Of(bytes), bytes);
        }
        await room.DisposeAsync();
        room.Grid.Puts.ShouldBe(0);
    }

    [Fact]
    public async Task GivingUpTheWaitDoesNotGiveUpThePack()
    {
        await using var room = new Room(options: new PackOptions { TargetSize = 64 * 1024 });
        room.Grid.Gate = new TaskCompletionSource();
        byte[] bytes = Room.RandomBytes(1, 60_000);
        await room.Packs.AddAsync(BlobId.Of(bytes), bytes);
        using var cancel = new CancellationTokenSource();
        var flush = room.Packs.FlushAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(flush);

        room.Grid.Gate.SetResult();
        await room.Packs.FlushAsync();
        room.Grid.Puts.ShouldBe(1);
        (await room.ReadBlobAsync(BlobId.Of(bytes))).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task DisposingStopsAnUploadThatHangs()
    {
        var room = new Room(options: new PackOptions { TargetSize = 64 * 1024 });
        room.Grid.Gate = new TaskCompletionSource();
        for (int seed = 0; seed < 2; seed++)
        {
            byte[] bytes = Room.RandomBytes(seed, 60_000);
            await room.Packs.AddAsync(BlobId.Of(bytes), bytes);
        }
        await room.DisposeAsync();
        room.Grid.Puts.ShouldBe(0);
    }

    [Fact]
    public async Task OneSeedMakesTheSamePacksInTheSameOrder()
    {
        var runs = new List<IReadOnlyList<PackRef>>();
        for (int run = 0; run < 2; run++)
        {
            await using var room = new Room(options: new PackOptions { TargetSize = 64 * 1024, Background = false }, seed: 7);
            for (int seed = 0; seed < 20; seed++) await room.Writer.WriteSmallAsync(Room.RandomBytes(seed, 20_000));
            await room.Packs.FlushAsync();
            runs.Add(room.Catalog.Packs);
        }
        runs[0].Count.ShouldBeGreaterThan(3);
        runs[1].ShouldBe(runs[0]);
    }

    [Fact]
    public async Task NothingToStoreMakesNoPack()
    {
        await using var room = new Room();
        await room.Packs.FlushAsync();
        room.Grid.Puts.ShouldBe(0);
    }

    private static byte[] Text(int length)
    {
        var random = new Random(length);
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)"etaoin shrdlu"[random.Next(4) * random.Next(4)];
        return bytes;
    }
}
