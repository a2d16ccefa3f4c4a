using System.Buffers.Binary;
using System.Formats.Cbor;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Snapshots.Packing;

/// <summary>What a pack says of itself, so that it can be understood without any other object (docs/formats/pack.md, section 2).</summary>
public static class PackIndex
{
    private const string What = "index of a pack";

    /// <summary>Reads the index of an opened pack: all its blobs in the order in which they lie.</summary>
    /// <exception cref="DamagedBytesException">Not a pack, or one of a newer format.</exception>
    public static async ValueTask<IReadOnlyList<PackedBlob>> ReadAsync(IImmutableFile file, PackRef pack, CancellationToken cancel)
    {
        if (file.Size is < PackFormat.HeaderLength + PackFormat.TrailerLength or > BlobLimits.MaxPackLength) throw NoPack();
        var header = new byte[PackFormat.HeaderLength];
        await file.ReadAsync(0, header, cancel);
        CheckHeader(header);
        var trailer = new byte[PackFormat.TrailerLength];
        long end = file.Size - trailer.Length;
        await file.ReadAsync(end, trailer, cancel);
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(trailer);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(trailer.AsSpan(8));
        if (!trailer.AsSpan(12).SequenceEqual(PackFormat.EndMagic)) throw NoPack();
        if (length > PackFormat.MaxIndexLength) throw new DamagedBytesException(DamageReason.TooLarge, "The index of a pack is too long.");
        if (offset < PackFormat.HeaderLength || offset > (ulong)end || (ulong)end - offset != length) throw NoPack();
        var index = new byte[length];
        await file.ReadAsync((long)offset, index, cancel);
        return Decode(index, pack, (long)offset);
    }

    internal static byte[] Encode(IReadOnlyList<PackedBlob> blobs)
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(blobs.Count);
        foreach (var (id, location) in blobs)
        {
            writer.WriteStartArray(5);
            writer.WriteBlobId(id);
            writer.WriteInt64(location.Offset);
            writer.WriteInt32(location.StoredLength);
            writer.WriteInt32(location.PlainLength);
            writer.WriteInt32((int)location.Encoding);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <param name="bytes">The index alone.</param>
    /// <param name="pack">Where it was read from.</param>
    /// <param name="dataEnd">Where the blobs end: no blob may reach beyond.</param>
    internal static List<PackedBlob> Decode(ReadOnlyMemory<byte> bytes, PackRef pack, long dataEnd) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        int count = reader.ReadCount(What, bytes.Length);
        var blobs = new List<PackedBlob>(Math.Min(count, 4096));
        for (int i = 0; i < count; i++) blobs.Add(ReadEntry(reader, pack, dataEnd));
        reader.ReadEndArray();
        return blobs;
    });

    private static PackedBlob ReadEntry(CborReader reader, PackRef pack, long dataEnd)
    {
        reader.ReadArrayOf(What, 5);
        var id = reader.ReadBlobId(What);
        var location = PackTable.ReadPlace(reader, What, pack);
        reader.ReadEndArray();
        if (location.Offset < PackFormat.HeaderLength || location.Offset + location.StoredLength > dataEnd) throw CanonicalCbor.Malformed(What);
        return new PackedBlob(id, location);
    }

    private static void CheckHeader(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(PackFormat.Magic)) throw NoPack();
        int version = BinaryPrimitives.ReadUInt16BigEndian(header[PackFormat.Magic.Length..]);
        if (version > PackFormat.Version)
            throw new DamagedBytesException(DamageReason.NewerFormat, $"A pack has format version {version}; this program knows {PackFormat.Version}.");
        if (version != PackFormat.Version) throw NoPack();
    }

    private static DamagedBytesException NoPack() => new(DamageReason.Malformed, "An object that should be a pack is none.");
}
