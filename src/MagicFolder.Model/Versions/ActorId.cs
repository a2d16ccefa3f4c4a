using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MagicFolder.Model.Versions;

/// <summary>
/// A participant's state database: 128 bits, made anew with each database. It is the truncated SHA-256 of the fingerprint of the
/// participant's Personal and a random nonce, so that a claim "this actor belongs to that Personal" can be checked by anybody
/// (docs/decisions/0010-self-certifying-actors.md). <c>default</c> is no actor.
/// </summary>
/// <remarks>
/// Two numbers, not one of 128 bits: the program is compiled before it runs, but not those of its methods that touch a <see cref="UInt128"/>, or anything that holds one; they
/// would be compiled at every start.
/// </remarks>
public readonly record struct ActorId : IComparable<ActorId>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    private readonly ulong _high;
    private readonly ulong _low;

    private ActorId(ulong high, ulong low) => (_high, _low) = (high, low);

    public ActorId(UInt128 value)
        : this((ulong)(value >> 64), (ulong)value)
    {
    }

    /// <summary>The bits as a number.</summary>
    public UInt128 Value => new(_high, _low);

    /// <param name="fingerprint">The 32-byte fingerprint of the Personal's public key.</param>
    /// <param name="nonce">16 random bytes.</param>
    public static ActorId Derive(ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(fingerprint.Length, 32);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, 16);
        Span<byte> input = stackalloc byte[22 + 32 + 16];
        "magic-folder-actor-v1\n"u8.CopyTo(input);
        fingerprint.CopyTo(input[22..]);
        nonce.CopyTo(input[54..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        return FromBytes(hash[..Length]);
    }

    public static ActorId FromBytes(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        return new ActorId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public int CompareTo(ActorId other) => _high != other._high ? _high.CompareTo(other._high) : _low.CompareTo(other._low);

    /// <summary>The first 8 hexadecimal digits.</summary>
    public override string ToString() => ((uint)(_high >> 32)).ToString("x8");
}
