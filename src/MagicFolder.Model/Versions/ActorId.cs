using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MagicFolder.Model.Versions;

/// <summary>
/// A participant's state database: 128 bits, made anew with each database. It is the truncated SHA-256 of the fingerprint of the
/// participant's Personal and a random nonce, so that a claim "this actor belongs to that Personal" can be checked by anybody
/// (docs/decisions/0010-self-certifying-actors.md). <c>default</c> is no actor.
/// </summary>
public readonly record struct ActorId(UInt128 Value) : IComparable<ActorId>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

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
        return new ActorId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public int CompareTo(ActorId other) => Value.CompareTo(other.Value);

    /// <summary>The first 8 hexadecimal digits.</summary>
    public override string ToString() => ((uint)(Value >> 96)).ToString("x8");
}
