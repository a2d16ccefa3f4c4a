using System.Security.Cryptography;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Reads contents of files by id. One call at a time. All failures to get a blob are <see cref="Grid.GridException"/>; a content whose parts are sound but
/// are not that content is <see cref="DamagedBytesException"/>.
/// </summary>
public sealed class ContentReader(BlobReader blobs, IBlobCatalog catalog)
{
    /// <summary>Chunks of the largest content accepted, about 64 TiB; more is an attempt to exhaust memory.</summary>
    private const int MaxChunks = 64 * 1024 * 1024;

    /// <summary>
    /// Passes the verified bytes to <paramref name="sink"/> in order, chunk by chunk. Returns only if the whole has the id and size that were asked for: after an
    /// exception the sink may have received some bytes, so stage them.
    /// </summary>
    public async ValueTask ReadAsync(
        BlobId content, long size, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancel = default)
    {
        var chunks = await ChunksAsync(content, size, cancel);
        using var whole = chunks is [var only] && only.Id == content ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var chunk in chunks)
        {
            using var bytes = await ReadChunkAsync(chunk, cancel);
            whole?.AppendData(bytes.Memory.Span);
            await sink(bytes.Memory, cancel);
        }
        if (whole is not null && new BlobId(whole.GetHashAndReset()) != content)
            throw new DamagedBytesException(DamageReason.WrongHash, $"The chunks listed for content {content} are those of something else.");
    }

    /// <summary>
    /// The chunks of a content in order; their lengths add up to <paramref name="size"/>. Whoever takes some of them from elsewhere verifies each against
    /// its id and the whole against the content id.
    /// </summary>
    public async ValueTask<IReadOnlyList<ChunkRef>> ChunksAsync(BlobId content, long size, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (size <= BlobLimits.MaxPlainLength && (catalog.Contains(content) || catalog.FindChunkList(content) is null))
            return [new ChunkRef(content, 0, (int)size)];
        var chunks = new List<ChunkRef>();
        if (catalog.FindChunkList(content) is { } list) await ExpandAsync(list, level: null, size, chunks, cancel);
        return chunks.Count > 0 && chunks[^1].Offset + chunks[^1].Length == size
            ? chunks
            : throw new DamagedBytesException(DamageReason.Malformed, $"The chunks known for content {content} do not add up to its size.");
    }

    /// <summary>One chunk, verified. The caller disposes of it.</summary>
    public ValueTask<BlobBytes> ReadBlobAsync(BlobId chunk, CancellationToken cancel = default) => blobs.ReadAsync(chunk, cancel);

    private async ValueTask<BlobBytes> ReadChunkAsync(ChunkRef chunk, CancellationToken cancel)
    {
        var bytes = await blobs.ReadAsync(chunk.Id, cancel);
        if (bytes.Length == chunk.Length) return bytes;
        bytes.Dispose();
        throw new DamagedBytesException(DamageReason.Malformed, $"Chunk {chunk.Id} does not have the length that was announced.");
    }

    private async ValueTask ExpandAsync(BlobId id, int? level, long size, List<ChunkRef> chunks, CancellationToken cancel)
    {
        var blob = await blobs.ReadFramedAsync(id, hint: null, cancel);
        var list = ChunkList.Decode(blob.Named);
        if (level is not null && list.Level != level) throw CanonicalCbor.Malformed("chunk list");
        if (blob.Table is not null) LearnPlaces(list, blob.Table, blob.Location.Pack);
        foreach (var part in list.Parts)
        {
            long offset = chunks.Count == 0 ? 0 : chunks[^1].Offset + chunks[^1].Length;
            if (part.Length > size - offset || chunks.Count >= MaxChunks) throw CanonicalCbor.Malformed("chunk list");
            if (list.Level == 0) chunks.Add(new ChunkRef(part.Id, offset, (int)part.Length));
            else await ExpandAsync(part.Id, list.Level - 1, offset + part.Length, chunks, cancel);
        }
    }

    private void LearnPlaces(ChunkList list, byte[] table, PackRef self)
    {
        var places = LocationTable.Decode(table, list.Parts.Length, self);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] is { Location: { } location, List: null }) catalog.Add(list.Parts[i].Id, location);
        }
    }
}
