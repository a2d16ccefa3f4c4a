using System.Buffers.Binary;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// One pack from its first blob until it is stored. Framed blobs wait in it until it is sealed: only then are all packs before this one stored, so
/// that their tables can name them. One thread at a time.
/// </summary>
internal sealed class PackBuilder : IDisposable
{
    /// <summary>A guess at the table's share of one reference: numbers and an occasional cap.</summary>
    private const int ReferenceEstimate = 40;

    private readonly SegmentedBuffer _buffer;
    private readonly List<PackedBlob> _blobs = [];
    private readonly Dictionary<BlobId, BlobLocation> _places = [];
    private readonly List<(BlobId Id, byte[] Named, Reference[] References)> _waiting = [];
    private readonly HashSet<BlobId> _waitingIds = [];
    private readonly bool _compress;
    private long _waitingLength;

    public PackBuilder(IRandomSource random, bool compress, LargeBuffers buffers)
    {
        _buffer = new SegmentedBuffer(buffers);
        _compress = compress;
        // Chosen once, so that storing again after a failure makes the same object.
        Key = EncryptionKeyChoice.Random(random);
        Span<byte> header = stackalloc byte[PackFormat.HeaderLength];
        PackFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header[PackFormat.Magic.Length..], PackFormat.Version);
        _buffer.Append(header);
    }

    public EncryptionKeyChoice Key { get; }

    public bool IsEmpty => _blobs.Count == 0 && _waiting.Count == 0;

    /// <summary>Do blobs wait in it whose tables are still to be made?</summary>
    public bool HasTables => _waiting.Count > 0;

    /// <summary>Bytes so far; what waits is estimated.</summary>
    public long Length => _buffer.Length + _waitingLength;

    /// <summary>The blobs in it; their locations have no pack yet.</summary>
    public IReadOnlyList<PackedBlob> Blobs => _blobs;

    public bool Contains(BlobId id) => _places.ContainsKey(id) || _waitingIds.Contains(id);

    public bool ContainsFramed(BlobId id) => _waitingIds.Contains(id) || (_places.TryGetValue(id, out var place) && place.Encoding.IsFramed());

    public void Add(BlobId id, ReadOnlySpan<byte> plain) => Append(id, plain, BlobEncoding.Plain, BlobEncoding.Deflate);

    public void Add(PreparedBlob blob)
    {
        long offset = _buffer.Length;
        _buffer.Append(blob.Buffer, blob.Place.Offset, blob.Place.StoredLength);
        Note(blob.Id, blob.Place with { Offset = offset });
    }

    /// <param name="id">The SHA-256 of <paramref name="named"/>.</param>
    /// <param name="named">Owned by the builder from here on.</param>
    /// <param name="references">What the table will locate, in this order.</param>
    public void AddFramed(BlobId id, byte[] named, Reference[] references)
    {
        if (!_waitingIds.Add(id)) return;
        _waiting.Add((id, named, references));
        _waitingLength += FramedEstimate(named, references);
    }

    public static int FramedEstimate(byte[] named, Reference[] references) => named.Length + (references.Length * ReferenceEstimate);

    /// <summary>Writes what waited, the index and the trailer. All packs before this one must be stored and in the catalog.</summary>
    /// <exception cref="UnknownBlobException">Nothing was changed.</exception>
    public void Seal(IBlobCatalog catalog)
    {
        // All or nothing: a reference that cannot be located must not leave half a pack.
        var known = _waiting.ConvertAll(waiting => Array.ConvertAll(
            waiting.References, reference => Contains(reference.Id) ? default : Locate(reference, catalog, unwritten: _waitingIds)));
        for (int i = 0; i < _waiting.Count; i++)
        {
            var (id, named, references) = _waiting[i];
            // What waited before this is written by now.
            var places = references.Zip(known[i], (reference, place) => place.Location is null ? Locate(reference, catalog, unwritten: null) : place).ToArray();
            Append(id, BlobFrame.Encode(named, LocationTable.Encode(places)), BlobEncoding.Framed, BlobEncoding.FramedDeflate);
        }
        _waiting.Clear();
        _waitingIds.Clear();
        _waitingLength = 0;
        AppendIndex();
    }

    public Stream OpenRead() => new SegmentedStream(_buffer);

    public void Dispose() => _buffer.Dispose();

    private void Append(BlobId id, ReadOnlySpan<byte> bytes, BlobEncoding plain, BlobEncoding deflated)
    {
        long offset = _buffer.Length;
        var encoding = _compress && BlobCompression.TryAppend(_buffer, bytes) ? deflated : plain;
        if (encoding == plain) _buffer.Append(bytes);
        Note(id, new BlobLocation(default, offset, (int)(_buffer.Length - offset), bytes.Length, encoding));
    }

    private void Note(BlobId id, BlobLocation location)
    {
        _blobs.Add(new PackedBlob(id, location));
        _places[id] = location;
    }

    private Place Locate(Reference reference, IBlobCatalog catalog, HashSet<BlobId>? unwritten)
    {
        if (Find(reference.Id, catalog, framed: reference.Kind != ReferenceKind.Content) is { } location) return new Place(location, null);
        if (reference.Kind == ReferenceKind.Content)
        {
            foreach (var list in catalog.FindChunkLists(reference.Id))
            {
                if (unwritten is not null && unwritten.Contains(list)) return default;
                if (Find(list, catalog, framed: true) is { } listLocation) return new Place(listLocation, list);
            }
        }
        return reference.Kind == ReferenceKind.Optional ? default : throw new UnknownBlobException(reference.Id);
    }

    /// <summary>In this pack, or wherever the catalog knows it; where its table matters, a form that has one is preferred.</summary>
    private BlobLocation? Find(BlobId id, IBlobCatalog catalog, bool framed)
    {
        BlobLocation? other = null;
        if (_places.TryGetValue(id, out var here))
        {
            if (!framed || here.Encoding.IsFramed()) return here;
            other = here;
        }
        foreach (var location in catalog.Find(id).Concat(catalog.FindLost(id)))
        {
            if (location.Encoding.IsFramed() == framed) return location;
            other ??= location;
        }
        return other;
    }

    private void AppendIndex()
    {
        long offset = _buffer.Length;
        byte[] index = PackIndex.Encode(_blobs);
        _buffer.Append(index);
        Span<byte> trailer = stackalloc byte[PackFormat.TrailerLength];
        BinaryPrimitives.WriteInt64BigEndian(trailer, offset);
        BinaryPrimitives.WriteInt32BigEndian(trailer[8..], index.Length);
        PackFormat.EndMagic.CopyTo(trailer[12..]);
        _buffer.Append(trailer);
    }
}
