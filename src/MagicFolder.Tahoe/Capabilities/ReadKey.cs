using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>The secret that lets its holder read a mutable object.</summary>
public readonly record struct ReadKey
{
    public const int Length = 16;

    private readonly Bits128 _bits;

    private ReadKey(Bits128 bits) => _bits = bits;

    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static ReadKey From(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new ReadKey(Bits128.Read(bytes))
        : throw new ArgumentException("Exactly 16 bytes are needed.", nameof(bytes));

    public void CopyTo(Span<byte> destination) => _bits.CopyTo(destination);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public StorageIndex ToStorageIndex()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        TaggedHash.Compute(HashTags.ReadKeyToStorageIndex, bytes, bytes);
        return StorageIndex.From(bytes);
    }

    /// <summary>Redacted.</summary>
    public override string ToString() => "ReadKey(secret)";
}
