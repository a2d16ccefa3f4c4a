using System.Formats.Cbor;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Framing;

/// <summary>
/// Reading and writing of deterministic CBOR (RFC 8949, section 4.2) of which not one byte is trusted: whatever is wrong ends in
/// <see cref="DamagedBytesException"/>, and nothing is allocated for a declared length before it is checked.
/// </summary>
public static class CanonicalCbor
{
    public static CborWriter NewWriter() => new(CborConformanceMode.Canonical);

    /// <param name="bytes">Exactly one CBOR item.</param>
    /// <param name="what">Names the object in messages, e.g. "head".</param>
    /// <param name="read">Reads that item.</param>
    public static T Decode<T>(ReadOnlyMemory<byte> bytes, string what, Func<CborReader, T> read)
    {
        try
        {
            var reader = new CborReader(bytes, CborConformanceMode.Canonical);
            var result = read(reader);
            return reader.BytesRemaining == 0 ? result : throw Malformed(what);
        }
        // The reader answers an unexpected type with InvalidOperationException, a number out of range with OverflowException.
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw Malformed(what);
        }
    }

    public static DamagedBytesException Malformed(string what) => new(DamageReason.Malformed, $"The {what} is malformed.");

    /// <summary>The outer array, with the format version in the first place: a newer version is refused before anything else is looked at.</summary>
    public static void ReadVersionedArray(this CborReader reader, string what, int version, int length)
    {
        int? declared = reader.ReadStartArray();
        ulong found = reader.ReadUInt64();
        if (found > (ulong)version) throw new DamagedBytesException(DamageReason.NewerFormat, $"The {what} has format version {found}; this program knows {version}.");
        if (found != (ulong)version || declared != length) throw Malformed(what);
    }

    public static void ReadArrayOf(this CborReader reader, string what, int length)
    {
        if (reader.ReadStartArray() != length) throw Malformed(what);
    }

    /// <summary>The length of an array, not more than <paramref name="max"/>.</summary>
    public static int ReadCount(this CborReader reader, string what, int max)
    {
        int count = reader.ReadStartArray() ?? throw Malformed(what);
        return count <= max ? count : throw new DamagedBytesException(DamageReason.TooLarge, $"The {what} has more than {max} elements.");
    }

    public static bool TryReadNull(this CborReader reader)
    {
        if (reader.PeekState() != CborReaderState.Null) return false;
        reader.ReadNull();
        return true;
    }

    /// <summary>An unsigned integer, not more than <paramref name="max"/>.</summary>
    public static long ReadNumber(this CborReader reader, string what, long max)
    {
        ulong value = reader.ReadUInt64();
        return value <= (ulong)max ? (long)value : throw new DamagedBytesException(DamageReason.TooLarge, $"The {what} has a number beyond {max}.");
    }

    public static string ReadText(this CborReader reader, string what, int maxBytes)
    {
        // A definite string is as long as it says, and that is within the bytes at hand; so this allocates no more than was sent.
        string text = reader.ReadTextString();
        return System.Text.Encoding.UTF8.GetByteCount(text) <= maxBytes ? text : throw new DamagedBytesException(DamageReason.TooLarge, $"The {what} has a text of more than {maxBytes} bytes.");
    }

    /// <summary>A byte string of at most <paramref name="max"/> bytes.</summary>
    public static byte[] ReadBytes(this CborReader reader, string what, int max)
    {
        var bytes = reader.ReadDefiniteLengthByteString();
        return bytes.Length <= max ? bytes.ToArray() : throw new DamagedBytesException(DamageReason.TooLarge, $"The {what} has a string of more than {max} bytes.");
    }

    /// <summary>A byte string of exactly <paramref name="length"/> bytes.</summary>
    public static byte[] ReadExactBytes(this CborReader reader, string what, int length)
    {
        var bytes = reader.ReadDefiniteLengthByteString();
        return bytes.Length == length ? bytes.ToArray() : throw Malformed(what);
    }

    public static BlobId ReadBlobId(this CborReader reader, string what)
    {
        var bytes = reader.ReadDefiniteLengthByteString();
        return bytes.Length == BlobId.Length ? new BlobId(bytes.Span) : throw Malformed(what);
    }

    public static void WriteBlobId(this CborWriter writer, BlobId id)
    {
        Span<byte> bytes = stackalloc byte[BlobId.Length];
        id.CopyTo(bytes);
        writer.WriteByteString(bytes);
    }
}
