using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MagicFolder.Snapshots.Chunking;

/// <summary>
/// The folder's secret from which chunk boundaries follow: all participants cut equal contents alike, and nobody else can tell known contents by
/// the lengths of their chunks. 32 bytes, immutable. Equality is that of the bytes.
/// </summary>
public sealed class ChunkingKey : IEquatable<ChunkingKey>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _secret;

    /// <param name="secret">Exactly 32 bytes; copied.</param>
    public ChunkingKey(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Length);
        _secret = secret.ToArray();
    }

    /// <summary>The secret itself. Never log it.</summary>
    public byte[] Reveal() => _secret.AsSpan().ToArray();

    /// <summary>256 words: HMAC-SHA-256 in counter mode (NIST SP 800-108), big-endian words (docs/formats/chunks.md, section 1).</summary>
    internal ulong[] DeriveGear()
    {
        var gear = new ulong[256];
        Span<byte> message = stackalloc byte["magic-folder-gear-v1\n"u8.Length + sizeof(uint)];
        "magic-folder-gear-v1\n"u8.CopyTo(message);
        Span<byte> block = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (int counter = 0; counter < gear.Length / 4; counter++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(message[^sizeof(uint)..], (uint)counter);
            HMACSHA256.HashData(_secret, message, block);
            for (int word = 0; word < 4; word++) gear[(counter * 4) + word] = BinaryPrimitives.ReadUInt64BigEndian(block[(word * 8)..]);
        }
        return gear;
    }

    public bool Equals(ChunkingKey? other) => other is not null && CryptographicOperations.FixedTimeEquals(_secret, other._secret);

    public override bool Equals(object? obj) => Equals(obj as ChunkingKey);

    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(_secret);

    /// <summary>Redacted.</summary>
    public override string ToString() => "chunking key";
}
