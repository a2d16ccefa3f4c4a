using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// The chunks of one content in order, read and verified ahead on other threads. Neighbours in one pack, or at one lender, are read as one span. One flow calls; it alone asks the
/// catalog. Memory: <paramref name="threads"/> + 1 spans of 2 MiB, or a chunk of 4 MiB.
/// </summary>
/// <param name="blobs">Opens packs.</param>
/// <param name="catalog">Where chunks are.</param>
/// <param name="chunks">In order.</param>
/// <param name="lender">Asked before the grid; may be null.</param>
/// <param name="threads">Spans being read at the same time.</param>
internal sealed class ChunksAhead(BlobReader blobs, IBlobCatalog catalog, IReadOnlyList<ChunkRef> chunks, IChunkLender? lender, int threads) : IAsyncDisposable
{
    /// <summary>Chunks are read together up to this length.</summary>
    private const int SpanLength = 2 << 20;

    /// <summary>Longer ones, which only others write, are left to the caller.</summary>
    private const int MaxLength = Chunker.MaxLength;

    private readonly LargeBuffers _buffers = new(MaxLength);

    private readonly Queue<ChunkSpan> _spans = new();
    private readonly CancellationTokenSource _disposing = new();
    private SharedPack? _pack;
    private int _planned;
    private int _given;

    /// <summary>The next chunk, verified; good until the next call. Null if it was not there: then it is to be looked for wherever it may be.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancel)
    {
        if (_spans.TryPeek(out var done) && done.First + done.Count == _given) _spans.Dequeue().Dispose();
        while (_spans.Count <= threads && _planned < chunks.Count) _spans.Enqueue(await BeginAsync(cancel));
        var span = _spans.Peek();
        await span.Reading.WaitAsync(cancel);
        int index = _given++;
        var bytes = span.Chunk(index);
        if (bytes is not null && span.LocationOf(index) is { } location) catalog.Confirm(chunks[index].Id, location);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        foreach (var span in _spans)
        {
            await span.Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            span.Dispose();
        }
        _spans.Clear();
        if (_pack is not null) await _pack.ReleaseAsync();
        _buffers.Dispose();
        _disposing.Dispose();
    }

    private async ValueTask<ChunkSpan> BeginAsync(CancellationToken cancel)
    {
        int first = _planned++;
        if (chunks[first].Length > MaxLength) return ChunkSpan.Nowhere(chunks, first);
        if (LentAt(first) is >= 0 and var offset)
        {
            Extend(first, (next, length) => LentAt(next) == offset + length);
            return ChunkSpan.FromLender(chunks, first, _planned - first, _buffers, lender!, offset);
        }
        if (catalog.Find(chunks[first].Id) is not [var location, ..] || location.Encoding.IsFramed() || location.PlainLength != chunks[first].Length || await PackAsync(location.Pack, cancel) is not { } pack)
            return ChunkSpan.Nowhere(chunks, first);
        if (location.Encoding == BlobEncoding.Plain)
        {
            int length = Extend(first, (next, before) => LentAt(next) < 0 && catalog.Find(chunks[next].Id) is [var there, ..]
                && there == location with { Offset = location.Offset + before, StoredLength = chunks[next].Length, PlainLength = chunks[next].Length });
            location = location with { StoredLength = length, PlainLength = length };
        }
        return ChunkSpan.FromPack(chunks, first, _planned - first, _buffers, location, pack, _disposing.Token);
    }

    private long LentAt(int index) => lender?.Find(chunks[index].Id) ?? -1;

    /// <summary>Opened now or just before; null if that fails.</summary>
    private async ValueTask<SharedPack?> PackAsync(PackRef pack, CancellationToken cancel)
    {
        if (_pack?.Pack == pack) return _pack;
        if (_pack is not null) await _pack.ReleaseAsync();
        _pack = null;
        try
        {
            return _pack = new SharedPack(pack, await blobs.OpenPackAsync(pack, cancel));
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            return null;
        }
    }

    /// <summary>Plans the chunks that follow as long as they lie behind those before them; the length of all in bytes.</summary>
    private int Extend(int first, Func<int, int, bool> follows)
    {
        int length = chunks[first].Length;
        while (_planned < chunks.Count && length + chunks[_planned].Length <= SpanLength && follows(_planned, length)) length += chunks[_planned++].Length;
        return length;
    }
}
