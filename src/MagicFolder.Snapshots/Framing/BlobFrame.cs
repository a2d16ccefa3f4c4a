using System.Buffers.Binary;

namespace MagicFolder.Snapshots.Framing;

/// <summary>
/// A blob with a table: a 4-byte big-endian length, that many bytes, which alone the id names, and the table of locations. So repacking
/// changes tables and no identity.
/// </summary>
internal static class BlobFrame
{
    private const int HeaderLength = sizeof(uint);

    public static byte[] Encode(ReadOnlySpan<byte> named, ReadOnlySpan<byte> table)
    {
        var frame = new byte[HeaderLength + named.Length + table.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, named.Length);
        named.CopyTo(frame.AsSpan(HeaderLength));
        table.CopyTo(frame.AsSpan(HeaderLength + named.Length));
        return frame;
    }

    /// <summary>Finds the part that the id names; the rest is the table. False when it is no frame.</summary>
    public static bool TrySplit(ReadOnlyMemory<byte> frame, out ReadOnlyMemory<byte> named, out ReadOnlyMemory<byte> table)
    {
        named = table = default;
        if (frame.Length < HeaderLength) return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(frame.Span);
        if (length > (uint)(frame.Length - HeaderLength)) return false;
        named = frame.Slice(HeaderLength, (int)length);
        table = frame[(HeaderLength + (int)length)..];
        return true;
    }
}
