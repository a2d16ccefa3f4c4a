using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>A secret AES-128 key of an immutable file. <c>default</c> is the key of zeros, which nobody makes on purpose.</summary>
public readonly record struct AesKey
{
    public const int Length = 16;

    private readonly Bits128 _bits;

    private AesKey(Bits128 bits) => _bits = bits;

    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static AesKey From(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new AesKey(Bits128.Read(bytes))
        : throw new ArgumentException("Exactly 16 bytes are needed.", nameof(bytes));

    public void CopyTo(Span<byte> destination) => _bits.CopyTo(destination);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public static AesKey Random(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[Length];
        random.Fill(bytes);
        return From(bytes);
    }

    /// <summary>Where servers file the shares that this key decrypts.</summary>
    public StorageIndex ToStorageIndex()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        TaggedHash.Compute(HashTags.ImmutableKeyToStorageIndex, bytes, bytes);
        return StorageIndex.From(bytes);
    }

    /// <summary>Redacted: the key itself never reaches a log.</summary>
    public override string ToString() => "AesKey(secret)";
}
