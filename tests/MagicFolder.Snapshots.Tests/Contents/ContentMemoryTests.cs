using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Contents;

/// <summary>What is allocated is counted for the whole process, so nothing else may run beside these.</summary>
[Collection(nameof(ContentMemoryTests))]
[CollectionDefinition(nameof(ContentMemoryTests), DisableParallelization = true)]
public sealed class ContentMemoryTests
{
    [Fact]
    public async Task ALargeFileIsWrittenAndReadInBoundedMemory()
    {
        // 200 MB of noise through a grid that forgets: what is allocated must not grow with the file.
        var grid = new ForgettingGrid();
        var catalog = new MemoryCatalog();
        await using var blobs = new BlobReader(grid, catalog);
        await using var packs = new PackWriter(grid, new SeededRandom(1), catalog, blobs);
        using var writer = new ContentWriter(packs, Room.Key, catalog);
        byte[] piece = Room.RandomBytes(1, 1_000_000);
        await FeedAsync(20);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await FeedAsync(200);

        // Two packs, the buffer and a list; pools may hand out new arrays a few times.
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(100_000_000);
        grid.Largest.ShouldBeLessThan(21 << 20);

        async Task FeedAsync(int pieces)
        {
            writer.Begin();
            for (int i = 0; i < pieces; i++)
            {
                BitConverter.TryWriteBytes(piece.AsSpan((i * 7919) % 900_000), ((long)pieces << 32) + i);
                await writer.AppendAsync(piece);
            }
            await writer.CompleteAsync();
            await packs.FlushAsync();
        }
    }
}
