using BenchmarkDotNet.Attributes;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Benchmarks;

/// <summary>A content of 16 MiB of noise: cut, and the whole way into packs of 4 MiB and back, on one thread and on several. Shares are kept in memory: no disk is measured.</summary>
[MemoryDiagnoser]
public class ContentBenchmarks
{
    public const int Bytes = 16 * 1024 * 1024;

    private readonly byte[] _plain = new byte[Bytes];
    private readonly ChunkingKey _key = new(new byte[ChunkingKey.Length]);
    private readonly KeptShares _grid = new();
    private readonly KnownPlaces _catalog = new();
    private Chunker _chunker = null!;
    private ContentSummary _stored;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        new Random(1).NextBytes(_plain);
        _chunker = new Chunker(_key);
        _stored = await WriteAsync(_grid, _catalog);
    }

    /// <summary>Boundaries alone, always on one thread.</summary>
    [Benchmark]
    public int Cut()
    {
        int chunks = 0;
        for (int at = 0; at < Bytes; chunks++) at += _chunker.FindBoundary(_plain.AsSpan(at));
        return chunks;
    }

    /// <summary>Cut, hashed, packed, encrypted, encoded.</summary>
    [Benchmark]
    public Task Write() => WriteAsync(new KeptShares { IsKept = false }, new KnownPlaces());

    /// <summary>Decrypted and verified.</summary>
    [Benchmark]
    public async Task Read()
    {
        await using var blobs = new BlobReader(_grid, _catalog);
        await new ContentReader(blobs, _catalog, Threads).ReadAsync(_stored.Content, _stored.Size, (_, _, _) => ValueTask.CompletedTask);
    }

    private async Task<ContentSummary> WriteAsync(KeptShares grid, KnownPlaces catalog)
    {
        await using var blobs = new BlobReader(grid, catalog);
        await using var packs = new PackWriter(grid, new CountingRandom(), catalog, blobs, new PackOptions { TargetSize = 4 << 20, Background = Threads > 1, Underway = Threads });
        using var writer = new ContentWriter(packs, _key, catalog, Threads);
        writer.Begin();
        await writer.AppendAsync(_plain);
        var summary = await writer.CompleteAsync();
        await packs.FlushAsync();
        return summary;
    }
}
