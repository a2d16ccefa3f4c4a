using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>The name under which servers keep the shares of one object. It is no secret: every server that holds a share knows it.</summary>
public readonly record struct StorageIndex
{
    public const int Length = 16;

    private readonly Bits128 _bits;

    private StorageIndex(Bits128 bits) => _bits = bits;

    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static StorageIndex From(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new StorageIndex(Bits128.Read(bytes))
        : throw new ArgumentException("Exactly 16 bytes are needed.", nameof(bytes));

    public void CopyTo(Span<byte> destination) => _bits.CopyTo(destination);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public static bool TryParse(string? text, out StorageIndex index)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var ok = text is not null && Base32.TryDecode(text, bytes);
        index = ok ? From(bytes) : default;
        return ok;
    }

    /// <summary>The 26 base32 characters that name the directory of the shares.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Base32.Encode(bytes);
    }
}
