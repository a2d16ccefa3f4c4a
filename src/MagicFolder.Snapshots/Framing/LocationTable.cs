using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Framing;

/// <summary>
/// The table behind a framed blob (docs/formats/pack.md, section 3): for each reference of the blob, in the blob's own order, where it lies. The ids
/// are not repeated: they are those of the blob.
/// </summary>
internal static class LocationTable
{
    private const string What = "table of locations";

    /// <param name="places">A location whose pack is <c>default</c> is in the same pack as the table.</param>
    public static byte[] Encode(IReadOnlyList<Place> places)
    {
        var packs = new PackTable();
        foreach (var place in places)
            if (place.Location is { } location) packs.NumberOf(location.Pack);
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(2);
        packs.Write(writer);
        writer.WriteStartArray(places.Count);
        foreach (var place in places)
        {
            if (place.Location is not { } location)
            {
                writer.WriteNull();
                continue;
            }
            writer.WriteStartArray(place.List is null ? 5 : 6);
            packs.WriteLocation(writer, location);
            if (place.List is { } list) writer.WriteBlobId(list);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <param name="bytes">The table.</param>
    /// <param name="count">How many references the blob has.</param>
    /// <param name="self">The pack that the table was read from.</param>
    public static Place[] Decode(ReadOnlyMemory<byte> bytes, int count, PackRef self) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadArrayOf(What, 2);
        var packs = PackTable.Read(reader, What, count);
        reader.ReadArrayOf(What, count);
        var places = new Place[count];
        for (int i = 0; i < count; i++)
        {
            if (reader.TryReadNull()) continue;
            int length = reader.ReadStartArray() ?? 0;
            if (length is not (5 or 6)) throw CanonicalCbor.Malformed(What);
            var location = packs.ReadLocation(reader, What, self);
            places[i] = new Place(location, length == 6 ? reader.ReadBlobId(What) : null);
            reader.ReadEndArray();
        }
        reader.ReadEndArray();
        reader.ReadEndArray();
        packs.EndRead(What);
        return places;
    });
}
