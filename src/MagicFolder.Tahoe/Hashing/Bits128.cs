using System.Buffers.Binary;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>
/// Sixteen bytes as a value, ordered like unsigned bytes. Not a <see cref="UInt128"/>: the program is compiled before it runs, but not those of its methods that touch one,
/// or anything that holds one; they would be compiled at every start.
/// </summary>
internal readonly record struct Bits128(ulong High, ulong Low) : IComparable<Bits128>
{
    public static Bits128 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[sizeof(ulong)..], Low);
    }

    public int CompareTo(Bits128 other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);
}
