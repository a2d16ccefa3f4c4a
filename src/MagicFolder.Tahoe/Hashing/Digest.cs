using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>A hash of 32 bytes. <c>default</c> is 32 zero bytes. Ordered like unsigned bytes, as versions of mutable files are.</summary>
public readonly record struct Digest : IComparable<Digest>
{
    public const int Length = 32;

    private readonly Bits128 _high;
    private readonly Bits128 _low;

    private Digest(Bits128 high, Bits128 low) => (_high, _low) = (high, low);

    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;

    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static Digest From(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new Digest(Bits128.Read(bytes), Bits128.Read(bytes[16..]))
        : throw new ArgumentException("Exactly 32 bytes are needed.", nameof(bytes));

    public void CopyTo(Span<byte> destination)
    {
        _high.CopyTo(destination);
        _low.CopyTo(destination[16..]);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public int CompareTo(Digest other) => _high != other._high ? _high.CompareTo(other._high) : _low.CompareTo(other._low);

    /// <summary>Base32, as in caps. A digest in a cap is an authority only together with the key beside it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Base32.Encode(bytes);
    }
}
