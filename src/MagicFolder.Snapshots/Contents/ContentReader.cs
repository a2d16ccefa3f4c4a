using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Reads contents of files by id. One call at a time. All failures to get a blob are <see cref="Grid.GridException"/>; a content whose parts are sound but
/// are not that content is <see cref="DamagedBytesException"/>.
/// </summary>
/// <param name="blobs">Reads the chunks.</param>
/// <param name="catalog">Where they are.</param>
/// <param name="threads">With more than 1, chunks are read and verified ahead on other threads while the caller works on one.</param>
public sealed class ContentReader(BlobReader blobs, IBlobCatalog catalog, int threads = 1)
{
    /// <summary>
    /// Passes the verified chunks to <paramref name="sink"/> in order, each with its offset. It may begin anew at offset 0, when what somebody claimed about the content turned
    /// out to be false. Returns only if the whole has the id and size that were asked for: after an exception the sink may have received some bytes, so stage them.
    /// </summary>
    public ValueTask ReadAsync(
        BlobId content, long size, Func<long, ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancel = default) =>
        ReadAsync(content, size, lender: null, sink, cancel);

    /// <summary>The same, with those chunks that <paramref name="lender"/> has taken from there.</summary>
    public async ValueTask ReadAsync(
        BlobId content, long size, IChunkLender? lender, Func<long, ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancel = default)
    {
        await WithEachFormAsync(
            content, size,
            async list =>
            {
                await ReadFormAsync(content, list, await ChunksAsync(content, list, size, cancel), lender, sink, cancel);
                return true;
            });
    }

    /// <summary>
    /// Passes the content to <paramref name="use"/> as a stream that can seek, and reads what is asked for. Whoever reads it from the beginning to the end is told at the end if it is something else
    /// (<see cref="DamagedBytesException"/>). As above it may begin anew, with another stream.
    /// </summary>
    public ValueTask<T> UseStreamAsync<T>(BlobId content, long size, Func<Stream, ValueTask<T>> use, CancellationToken cancel = default) => WithEachFormAsync(
        content, size,
        async list =>
        {
            await using var stream = new ContentStream(this, content, size, await ChunksAsync(content, list, size, cancel));
            return await use(stream);
        });

    private async ValueTask<T> WithEachFormAsync<T>(BlobId content, long size, Func<BlobId?, ValueTask<T>> use)
    {
        Exception? trouble = null;
        foreach (var list in FormsOf(content, size))
        {
            try
            {
                return await use(list);
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                trouble = Outweighing(trouble, e);
            }
        }
        ExceptionDispatchInfo.Throw(trouble ?? Unknown(content));
        throw new InvalidOperationException("Not reached.");
    }

    private async ValueTask ReadFormAsync(
        BlobId content, BlobId? list, IReadOnlyList<ChunkRef> chunks, IChunkLender? lender, Func<long, ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        CancellationToken cancel)
    {
        using var whole = chunks is [var only] && only.Id == content ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // A single chunk often has neighbours in its pack that are wanted next, which the windows of the blobs' reader keep.
        await using var ahead = threads > 1 && chunks.Count > 1 ? new ChunksAhead(blobs, catalog, chunks, lender, threads) : null;
        for (int i = 0; i < chunks.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (ahead is not null && await ahead.NextAsync(cancel) is { } early)
            {
                await GiveAsync(chunks[i], early);
                continue;
            }
            using var bytes = (ahead is null ? LentChunks.TryRead(lender, chunks[i]) : null) ?? await ReadChunkAsync(chunks[i], cancel);
            await GiveAsync(chunks[i], bytes.Memory);
        }
        if (list is not { } used) return;
        if (whole is null || new BlobId(whole.GetHashAndReset()) == content)
        {
            if (!catalog.IsConfirmedChunkList(content, used)) catalog.ConfirmChunkList(content, used);
            return;
        }
        catalog.ForgetChunkList(content, used);
        throw new DamagedBytesException(DamageReason.WrongHash, $"The chunks listed for content {content} are those of something else.");

        async ValueTask GiveAsync(ChunkRef chunk, ReadOnlyMemory<byte> bytes)
        {
            // Hashing takes longer than anything else that is done to a chunk, and nothing else of the chunk waits for it.
            var hashing = Task.CompletedTask;
            if (ahead is null) whole?.AppendData(bytes.Span);
            else if (whole is not null) hashing = Task.Run(() => whole.AppendData(bytes.Span), CancellationToken.None);
            try
            {
                await sink(chunk.Offset, bytes, cancel);
            }
            finally
            {
                await hashing;
            }
        }
    }

    /// <summary>
    /// The chunks of a content in order; their lengths add up to <paramref name="size"/>. Whoever takes some of them from elsewhere verifies each against
    /// its id and the whole against the content id.
    /// </summary>
    public async ValueTask<IReadOnlyList<ChunkRef>> ChunksAsync(BlobId content, long size, CancellationToken cancel = default)
    {
        foreach (var form in FormsOf(content, size)) return await ChunksAsync(content, form, size, cancel);
        throw Unknown(content);
    }

    private async ValueTask<IReadOnlyList<ChunkRef>> ChunksAsync(BlobId content, BlobId? list, long size, CancellationToken cancel)
    {
        if (list is not { } id) return [new ChunkRef(content, 0, (int)size)];
        var chunks = new List<ChunkRef>();
        await new ChunkListExpansion(blobs, catalog, size, chunks).ExpandAsync(id, level: null, cancel);
        return chunks[^1].Offset + chunks[^1].Length == size ? chunks : throw Unknown(content);
    }

    /// <summary>In which forms the content may be stored, the surest first: through a list, or (null) as one chunk.</summary>
    private IEnumerable<BlobId?> FormsOf(BlobId content, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        // As good as always: nothing that this program stores is cut smaller.
        bool isFirst = size <= Chunker.MinLength;
        if (isFirst) yield return null;
        var lists = catalog.FindChunkLists(content);
        bool isOne = !isFirst && size <= BlobLimits.MaxPlainLength;
        bool isSure = isOne && catalog.Contains(content);
        if (isSure) yield return null;
        foreach (var list in lists) yield return list;
        if (isOne && !isSure && (lists.Count == 0 || catalog.Find(content).Count > 0 || catalog.FindLost(content).Count > 0)) yield return null;
    }

    /// <summary>As long as one form may come back, the content is not lost; else what is wrong with the surest form says most.</summary>
    private static Exception Outweighing(Exception? former, Exception now) =>
        former is null || (former is not GridException { IsPermanent: false } && now is GridException { IsPermanent: false }) ? now : former;

    private static DamagedBytesException Unknown(BlobId content) =>
        new(DamageReason.Malformed, $"The chunks known for content {content} do not add up to its size.");

    /// <summary>One chunk, verified. The caller disposes of it.</summary>
    public ValueTask<BlobBytes> ReadBlobAsync(BlobId chunk, CancellationToken cancel = default) => blobs.ReadAsync(chunk, cancel);

    internal async ValueTask<BlobBytes> ReadChunkAsync(ChunkRef chunk, CancellationToken cancel)
    {
        var bytes = await blobs.ReadAsync(chunk.Id, cancel);
        if (bytes.Length == chunk.Length) return bytes;
        bytes.Dispose();
        throw new DamagedBytesException(DamageReason.Malformed, $"Chunk {chunk.Id} does not have the length that was announced.");
    }
}
