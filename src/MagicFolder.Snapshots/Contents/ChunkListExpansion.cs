using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>Reads a list of chunks, and the lists in it, into <paramref name="chunks"/>. For one content.</summary>
/// <param name="blobs">Reads the lists.</param>
/// <param name="catalog">Learns where the parts are said to lie.</param>
/// <param name="size">What the chunks may add up to.</param>
/// <param name="chunks">Empty at first.</param>
internal sealed class ChunkListExpansion(BlobReader blobs, IBlobCatalog catalog, long size, List<ChunkRef> chunks)
{
    /// <summary>Chunks of the largest content accepted, about 4 TiB; more is an attempt to exhaust memory: a list may name one chunk, or one list, many times.</summary>
    private const int MaxChunks = 4 * 1024 * 1024;

    /// <summary>The chunks of lists that were read already. So a list that is named a thousand times is read once.</summary>
    private readonly Dictionary<(BlobId List, int Level), Range> _known = [];

    private long End => chunks.Count == 0 ? 0 : chunks[^1].Offset + chunks[^1].Length;

    /// <exception cref="Grid.GridException">A list could not be got.</exception>
    /// <exception cref="Model.DamagedBytesException">It is unsound, or too much.</exception>
    internal async ValueTask ExpandAsync(BlobId id, int? level, CancellationToken cancel)
    {
        var blob = await blobs.ReadFramedAsync(id, hint: null, cancel);
        var list = ChunkList.Decode(blob.Named);
        if (level is not null && list.Level != level) throw Malformed();
        if (blob.Table is not null) LearnPlaces(list, blob.Table, blob.Location.Pack);
        int first = chunks.Count;
        foreach (var part in list.Parts)
        {
            if (part.Length > size - End) throw Malformed();
            if (list.Level == 0) Add(part.Id, (int)part.Length);
            else if (_known.TryGetValue((part.Id, list.Level - 1), out var known)) Repeat(known);
            else await ExpandAsync(part.Id, list.Level - 1, cancel);
        }
        _known[(id, list.Level)] = first..chunks.Count;
    }

    private void Repeat(Range known)
    {
        for (int i = known.Start.Value; i < known.End.Value; i++) Add(chunks[i].Id, chunks[i].Length);
    }

    private void Add(BlobId chunk, int length)
    {
        if (chunks.Count >= MaxChunks || length > size - End) throw Malformed();
        chunks.Add(new ChunkRef(chunk, End, length));
    }

    private void LearnPlaces(ChunkList list, byte[] table, PackRef self)
    {
        var places = LocationTable.Decode(table, list.Parts.Length, self);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] is { Location: { } location, List: null }) catalog.Add(list.Parts[i].Id, location);
        }
    }

    private static Model.DamagedBytesException Malformed() => CanonicalCbor.Malformed("chunk list");
}
