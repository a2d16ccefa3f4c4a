using System.Security.Cryptography;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Turns the bytes of a file, fed in order, into blobs: a single chunk, whose id is the content's, or chunks and a list of them. One content at a time:
/// <see cref="Begin"/>, the bytes, then <see cref="CompleteAsync"/> or <see cref="Abandon"/>. Bytes are given by <see cref="AppendAsync"/>, or without copying them by
/// <see cref="NextMemory"/> and <see cref="AdvanceAsync"/>. Constant memory (two blocks of 5 MiB, in pooled arrays of 8; seldom three).
/// </summary>
/// <remarks>
/// The blobs are durable only after <see cref="PackWriter.FlushAsync"/>. After an exception, abandon and begin anew. With several threads chunks are hashed on others while the
/// caller's reads on and packs; what is packed, and in which order, is the same.
/// </remarks>
public sealed class ContentWriter : IDisposable
{
    private readonly PackWriter _packs;
    private readonly IBlobCatalog _catalog;
    private readonly Chunker _chunker;
    private readonly ChunkListWriter _list;
    private readonly ChunkHashing _hashing;
    private readonly LargeBuffers _buffers = new(ContentBlock.Length);
    private ContentBlock? _block;
    private readonly Queue<(long Offset, bool IsExpected)> _cuts = new();
    private BoundarySearch _search;
    private FormerChunkEnds? _former;
    private int _start;
    private int _end;
    private long _size;
    private long _cut;
    private int _chunks;
    private bool _begun;

    /// <param name="packs">Where the blobs go.</param>
    /// <param name="key">Where to cut.</param>
    /// <param name="catalog">Learns the lists.</param>
    /// <param name="threads">With 1 everything happens on the caller's thread.</param>
    public ContentWriter(PackWriter packs, ChunkingKey key, IBlobCatalog catalog, int threads = 1)
        : this(packs, key, catalog, ChunkList.MaxParts, threads)
    {
    }

    internal ContentWriter(PackWriter packs, ChunkingKey key, IBlobCatalog catalog, int maxListParts, int threads)
    {
        _packs = packs;
        _catalog = catalog;
        _chunker = new Chunker(key);
        _list = new ChunkListWriter(packs, maxListParts);
        _hashing = new ChunkHashing(inBackground: threads > 1);
    }

    /// <param name="former">
    /// The chunks of a former version, if there is one: most of it need not be looked through for boundaries then, since a chunk that has the id of one of them is one. Chunks that were cut by the same key give the same
    /// result; others of no matter what lengths give the same content, and perhaps chunks that nobody else has. The calls that follow may throw <see cref="ChunksMovedException"/>.
    /// </param>
    public void Begin(IReadOnlyList<ChunkRef>? former = null)
    {
        if (_begun) throw new InvalidOperationException("Another content is being written.");
        _begun = true;
        _former = former is null ? null : new FormerChunkEnds(former);
        _start = _end = _chunks = 0;
        _size = _cut = 0;
    }

    /// <summary>Where the next bytes may be put, before <see cref="AdvanceAsync"/>; never empty.</summary>
    public Memory<byte> NextMemory()
    {
        if (!_begun) throw new InvalidOperationException("No content was begun.");
        if (_block is null) _block = new ContentBlock(_buffers);
        else if (_end == ContentBlock.Length) MoveToFront();
        if (_end == ContentBlock.Length) throw new InvalidOperationException("No chunk was cut from a full block.");
        return _block.Memory[_end..];
    }

    /// <summary>So many bytes were put into <see cref="NextMemory"/>.</summary>
    public async ValueTask AdvanceAsync(int count, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ContentBlock.Length - _end);
        _end += count;
        _size += count;
        while (FindEnd(out bool isExpected) is > 0 and var length) await CutAsync(_block!.Memory.Slice(_start, length), _block, isExpected, cancel);
    }

    /// <summary>The next bytes; copied before this returns.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        if (!_begun) throw new InvalidOperationException("No content was begun.");
        while (!bytes.IsEmpty)
        {
            var free = NextMemory();
            int count = Math.Min(bytes.Length, free.Length);
            bytes[..count].CopyTo(free);
            bytes = bytes[count..];
            await AdvanceAsync(count, cancel);
        }
    }

    public async ValueTask<ContentSummary> CompleteAsync(CancellationToken cancel = default)
    {
        if (!_begun) throw new InvalidOperationException("No content was begun.");
        var summary = await FinishAsync(_block is null ? default : _block.Memory[_start.._end], _block, cancel);
        Abandon();
        return summary;
    }

    /// <summary>Forgets what was appended. Chunks of it that were packed already stay there; nothing refers to them.</summary>
    public void Abandon()
    {
        _hashing.Abandon();
        _list.Clear();
        _block?.Release();
        _block = null;
        _buffers.Dispose();
        _cuts.Clear();
        _search = default;
        _former = null;
        _chunks = 0;
        _begun = false;
    }

    /// <summary>The same for a content that is in memory as a whole, without copying it first.</summary>
    public async ValueTask<ContentSummary> WriteSmallAsync(ReadOnlyMemory<byte> whole, CancellationToken cancel = default)
    {
        Begin();
        try
        {
            _size = whole.Length;
            return await FinishAsync(whole, block: null, cancel);
        }
        finally
        {
            Abandon();
        }
    }

    public void Dispose()
    {
        if (_begun) Abandon();
        _hashing.Dispose();
    }

    private async ValueTask<ContentSummary> FinishAsync(ReadOnlyMemory<byte> rest, ContentBlock? block, CancellationToken cancel)
    {
        if (_chunks == 0 && _chunker.FindBoundary(rest.Span) == rest.Length)
        {
            var id = BlobId.Of(rest.Span);
            await _packs.AddAsync(id, rest, cancel);
            return new ContentSummary(id, _size, 1);
        }
        while (!rest.IsEmpty)
        {
            var chunk = rest[.._chunker.FindBoundary(rest.Span)];
            await CutAsync(chunk, block, isExpected: false, cancel);
            rest = rest[chunk.Length..];
        }
        while (_hashing.Count > 0) await PackAsync(cancel);
        var list = await _list.CompleteAsync(cancel);
        var content = _hashing.Whole();
        _catalog.ConfirmChunkList(content, list);
        var summary = new ContentSummary(content, _size, _chunks);
        _chunks = 0;
        return summary;
    }

    /// <summary>The length of the chunk that begins at the start, 0 if it may go on. Only where something follows is it known that a chunk is not the last of the content.</summary>
    private int FindEnd(out bool isExpected)
    {
        var there = _block!.Memory.Span[_start.._end];
        isExpected = false;
        if (_search.End == 0 && _former?.LengthAt(_size - there.Length) is > Chunker.MinLength and < Chunker.MaxLength and var expected)
        {
            if (there.Length <= expected) return 0;
            isExpected = _chunker.MayEndAt(there, expected);
            if (isExpected) return expected;
        }
        int length = _chunker.FindBoundary(there, ref _search);
        return length < there.Length ? Math.Max(length, 0) : 0;
    }

    /// <summary>Takes the next chunk, and packs what is hashed by now or has to be.</summary>
    private async ValueTask CutAsync(ReadOnlyMemory<byte> chunk, ContentBlock? block, bool isExpected, CancellationToken cancel)
    {
        _cuts.Enqueue((_cut, isExpected));
        _cut += chunk.Length;
        _chunks++;
        _start += chunk.Length;
        _search = default;
        _hashing.Add(chunk, block);
        while (_hashing.IsDue) await PackAsync(cancel);
    }

    private async ValueTask PackAsync(CancellationToken cancel)
    {
        using var chunk = await _hashing.TakeAsync();
        var (offset, isExpected) = _cuts.Dequeue();
        // One that only ends like a chunk of the former version may hold a boundary before.
        if (_former?.Recognize(chunk.Id, offset) == false && isExpected && _chunker.FindBoundary(chunk.Bytes.Span) < chunk.Bytes.Length) throw new ChunksMovedException();
        await _packs.AddAsync(chunk.Id, chunk.Bytes, cancel);
        await _list.AddAsync(chunk.Id, chunk.Bytes.Length, cancel);
    }

    /// <summary>What no chunk was cut from yet, which is less than the longest one, goes to the start of the block, or of another one while chunks of this one are being hashed.</summary>
    private void MoveToFront()
    {
        var rest = _block!.Memory[_start.._end];
        var next = _block.IsShared ? new ContentBlock(_buffers) : _block;
        rest.CopyTo(next.Memory);
        if (next != _block) _block.Release();
        (_block, _start, _end) = (next, 0, rest.Length);
    }
}
