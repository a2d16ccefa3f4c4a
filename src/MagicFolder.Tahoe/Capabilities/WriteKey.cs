using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>The secret that lets its holder write a mutable object and derive everything else about it.</summary>
public readonly record struct WriteKey
{
    public const int Length = 16;

    private readonly Bits128 _bits;

    private WriteKey(Bits128 bits) => _bits = bits;

    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static WriteKey From(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new WriteKey(Bits128.Read(bytes))
        : throw new ArgumentException("Exactly 16 bytes are needed.", nameof(bytes));

    public void CopyTo(Span<byte> destination) => _bits.CopyTo(destination);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public ReadKey ToReadKey()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        TaggedHash.Compute(HashTags.WriteKeyToReadKey, bytes, bytes);
        return ReadKey.From(bytes);
    }

    /// <summary>Redacted.</summary>
    public override string ToString() => "WriteKey(secret)";
}
