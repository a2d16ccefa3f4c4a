using System.Buffers.Binary;
using System.Formats.Cbor;
using System.IO.Compression;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>The bytes of a pack, of which nothing is checked (docs/formats/pack.md).</summary>
internal sealed class CraftedPack
{
    private readonly MemoryStream _bytes = new();

    internal CraftedPack() => _bytes.Write("mfpack\0\u0001"u8);

    internal byte[] ToArray() => _bytes.ToArray();

    internal CraftedPlace Add(ReadOnlySpan<byte> stored, long? plain = null, int encoding = 0)
    {
        var place = new CraftedPlace(_bytes.Position, stored.Length, plain ?? stored.Length, encoding);
        _bytes.Write(stored);
        return place;
    }

    /// <summary>A blob that is stored as a deflated one of <paramref name="plain"/> bytes, whatever it has.</summary>
    internal CraftedPlace AddDeflated(ReadOnlySpan<byte> bytes, long plain)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(bytes);
        return Add(deflated.ToArray(), plain, encoding: 1);
    }

    internal CraftedPlace AddFramed(ReadOnlySpan<byte> named, params CraftedPlace?[] table) => AddFrame(named, Table(table));

    internal CraftedPlace AddFrame(ReadOnlySpan<byte> named, ReadOnlySpan<byte> table)
    {
        var frame = new byte[4 + named.Length + table.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, named.Length);
        named.CopyTo(frame.AsSpan(4));
        table.CopyTo(frame.AsSpan(4 + named.Length));
        return Add(frame, encoding: 2);
    }

    internal static byte[] Table(IReadOnlyList<CraftedPlace?> places)
    {
        List<string> packs = [.. places.Select(place => place?.Pack).OfType<string>().Distinct()];
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(2);
        writer.WriteStartArray(packs.Count);
        foreach (string pack in packs) writer.WriteTextString(pack);
        writer.WriteEndArray();
        writer.WriteStartArray(places.Count);
        foreach (var place in places)
        {
            if (place is null)
            {
                writer.WriteNull();
                continue;
            }
            writer.WriteStartArray(place.List is null ? 5 : 6);
            writer.WriteInt32(place.Pack is null ? 0 : packs.IndexOf(place.Pack) + 1);
            writer.WriteInt64(place.Offset);
            writer.WriteInt64(place.Stored);
            writer.WriteInt64(place.Plain);
            writer.WriteInt32(place.Encoding);
            if (place.List is { } list) writer.WriteByteString(Bytes(list));
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    internal static byte[] Bytes(BlobId id)
    {
        var bytes = new byte[BlobId.Length];
        id.CopyTo(bytes);
        return bytes;
    }
}
