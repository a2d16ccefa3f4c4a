using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Chunks that lie behind one another and are read at once, in the background. What cannot be read, or is something else, is not there: whoever wants it then looks for it elsewhere.
/// </summary>
internal sealed class ChunkSpan : IDisposable
{
    private readonly IReadOnlyList<ChunkRef> _chunks;
    private readonly bool[] _isSound;
    private readonly BlobLocation? _location;
    private readonly LargeBuffers? _buffers;
    private byte[]? _buffer;

    private ChunkSpan(IReadOnlyList<ChunkRef> chunks, int first, int count, LargeBuffers? buffers, BlobLocation? location)
    {
        (_chunks, First, Count, _buffers, _location) = (chunks, first, count, buffers, location);
        _buffer = buffers?.Rent();
        _isSound = new bool[count];
    }

    public int First { get; }

    public int Count { get; }

    /// <summary>Done when all is read that can be. Throws only what nobody expects.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    public static ChunkSpan Nowhere(IReadOnlyList<ChunkRef> chunks, int first) => new(chunks, first, 1, null, null);

    /// <param name="chunks">All of the content.</param>
    /// <param name="first">The first one of the span.</param>
    /// <param name="count">How many.</param>
    /// <param name="buffers">Long enough for them.</param>
    /// <param name="lender">Has them.</param>
    /// <param name="offset">Where the first one begins there.</param>
    public static ChunkSpan FromLender(IReadOnlyList<ChunkRef> chunks, int first, int count, LargeBuffers buffers, IChunkLender lender, long offset)
    {
        var span = new ChunkSpan(chunks, first, count, buffers, null);
        return span.Begin(() =>
        {
            span.Verify(lender.Read(offset, span._buffer.AsSpan(0, span.Length)));
            return Task.CompletedTask;
        });
    }

    /// <param name="chunks">All of the content.</param>
    /// <param name="first">The first one of the span.</param>
    /// <param name="count">How many; 1 unless the encoding is plain.</param>
    /// <param name="buffers">Long enough for them.</param>
    /// <param name="location">All of them.</param>
    /// <param name="pack">Opened; it is held until they are read.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static ChunkSpan FromPack(
        IReadOnlyList<ChunkRef> chunks, int first, int count, LargeBuffers buffers, BlobLocation location, SharedPack pack, CancellationToken cancel)
    {
        var span = new ChunkSpan(chunks, first, count, buffers, location);
        var held = pack.Share();
        return span.Begin(async () =>
        {
            try
            {
                await BlobReader.DecodeAsync(held.File, location, span._buffer.AsMemory(0, span.Length), cancel);
                span.Verify(span.Length);
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                // Whoever wants it looks for it elsewhere, and is told what is wrong with every place.
            }
            finally
            {
                await held.ReleaseAsync();
            }
        });
    }

    /// <summary>After <see cref="Reading"/>, until the span is disposed of. Null if it was not there.</summary>
    public ReadOnlyMemory<byte>? Chunk(int index) => _isSound[index - First] ? _buffer.AsMemory(OffsetOf(index), _chunks[index].Length) : default(ReadOnlyMemory<byte>?);

    /// <summary>Where a chunk was read in a pack; null if it came from elsewhere, or in a form of which more than the chunk would have to be checked.</summary>
    public BlobLocation? LocationOf(int index) => _location switch
    {
        { Encoding: BlobEncoding.Plain } span => span with { Offset = span.Offset + OffsetOf(index), StoredLength = _chunks[index].Length, PlainLength = _chunks[index].Length },
        { Encoding: BlobEncoding.Deflate } alone => alone,
        _ => null,
    };

    /// <summary>After <see cref="Reading"/>.</summary>
    public void Dispose()
    {
        if (_buffer is not null) _buffers!.Return(_buffer);
        _buffer = null;
    }

    private int Length => OffsetOf(First + Count);

    private int OffsetOf(int index) => (int)((index == _chunks.Count ? _chunks[^1].Offset + _chunks[^1].Length : _chunks[index].Offset) - _chunks[First].Offset);

    private ChunkSpan Begin(Func<Task> read)
    {
        Reading = Task.Run(read, CancellationToken.None);
        return this;
    }

    private void Verify(int length)
    {
        for (int i = 0; i < Count; i++)
        {
            var chunk = _chunks[First + i];
            int offset = OffsetOf(First + i);
            _isSound[i] = offset + chunk.Length <= length && BlobId.Of(_buffer.AsSpan(offset, chunk.Length)) == chunk.Id;
        }
    }
}
