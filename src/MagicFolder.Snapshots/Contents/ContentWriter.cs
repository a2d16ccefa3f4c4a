using System.Buffers;
using System.Security.Cryptography;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Turns the bytes of a file, fed in order, into blobs: a single chunk, whose id is the content's, or chunks and a list of them. One content at a time:
/// <see cref="Begin"/>, <see cref="AppendAsync"/> as often as needed, then <see cref="CompleteAsync"/> or <see cref="Abandon"/>. Constant memory (8 MiB, pooled).
/// </summary>
/// <remarks>The blobs are durable only after <see cref="PackWriter.FlushAsync"/>. After an exception, abandon and begin anew.</remarks>
public sealed class ContentWriter : IDisposable
{
    /// <summary>Twice the longest chunk, so that each byte is moved at most once while boundaries are looked for.</summary>
    private const int BufferLength = 2 * Chunker.MaxLength;

    private readonly PackWriter _packs;
    private readonly IBlobCatalog _catalog;
    private readonly Chunker _chunker;
    private readonly ChunkListWriter _list;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private long _size;
    private int _chunks;
    private bool _begun;

    public ContentWriter(PackWriter packs, ChunkingKey key, IBlobCatalog catalog)
        : this(packs, key, catalog, ChunkList.MaxParts)
    {
    }

    internal ContentWriter(PackWriter packs, ChunkingKey key, IBlobCatalog catalog, int maxListParts)
    {
        _packs = packs;
        _catalog = catalog;
        _chunker = new Chunker(key);
        _list = new ChunkListWriter(packs, maxListParts);
    }

    public void Begin()
    {
        if (_begun) throw new InvalidOperationException("Another content is being written.");
        _begun = true;
        _start = _end = _chunks = 0;
        _size = 0;
    }

    /// <summary>The next bytes; copied before this returns.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        if (!_begun) throw new InvalidOperationException("No content was begun.");
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferLength);
        while (!bytes.IsEmpty)
        {
            if (_end == BufferLength) MoveToFront();
            int count = Math.Min(bytes.Length, BufferLength - _end);
            bytes.Span[..count].CopyTo(_buffer.AsSpan(_end));
            _end += count;
            _size += count;
            bytes = bytes[count..];
            // More than the longest chunk is there: so the first of these chunks is not the last of the content.
            while (_end - _start > Chunker.MaxLength) await CutAsync(_buffer.AsMemory(_start, _end - _start), cancel);
        }
    }

    public async ValueTask<ContentSummary> CompleteAsync(CancellationToken cancel = default)
    {
        if (!_begun) throw new InvalidOperationException("No content was begun.");
        var rest = _buffer is null ? ReadOnlyMemory<byte>.Empty : _buffer.AsMemory(_start, _end - _start);
        var summary = await FinishAsync(rest, cancel);
        Abandon();
        return summary;
    }

    /// <summary>Forgets what was appended. Chunks of it that were packed already stay there; nothing refers to them.</summary>
    public void Abandon()
    {
        if (_chunks > 0) _hash.GetHashAndReset();
        _list.Clear();
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
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
            return await FinishAsync(whole, cancel);
        }
        finally
        {
            Abandon();
        }
    }

    public void Dispose()
    {
        if (_begun) Abandon();
        _hash.Dispose();
    }

    private async ValueTask<ContentSummary> FinishAsync(ReadOnlyMemory<byte> rest, CancellationToken cancel)
    {
        if (_chunks == 0 && _chunker.FindBoundary(rest.Span) == rest.Length)
        {
            var id = BlobId.Of(rest.Span);
            await _packs.AddAsync(id, rest, cancel);
            return new ContentSummary(id, _size, 1);
        }
        while (!rest.IsEmpty) rest = rest[await CutAsync(rest, cancel)..];
        var list = await _list.CompleteAsync(cancel);
        var content = new BlobId(_hash.GetHashAndReset());
        _catalog.ConfirmChunkList(content, list);
        var summary = new ContentSummary(content, _size, _chunks);
        _chunks = 0;
        return summary;
    }

    /// <summary>Packs the chunk at the start of <paramref name="bytes"/>; its length.</summary>
    private async ValueTask<int> CutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var chunk = bytes[.._chunker.FindBoundary(bytes.Span)];
        var id = BlobId.Of(chunk.Span);
        _hash.AppendData(chunk.Span);
        _chunks++;
        _start += chunk.Length;
        await _packs.AddAsync(id, chunk, cancel);
        await _list.AddAsync(id, chunk.Length, cancel);
        return chunk.Length;
    }

    private void MoveToFront()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }
}
