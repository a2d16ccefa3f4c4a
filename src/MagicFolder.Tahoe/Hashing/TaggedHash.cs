using System.Security.Cryptography;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>
/// SHA-256d (SHA-256 of the SHA-256) over a tag as netstring and a value (tahoe-hashing, section 1). The second hash defeats length extension.
/// Outputs may be cut to the leading bytes.
/// </summary>
public static class TaggedHash
{
    /// <summary>Below this many bytes a copy on the stack is cheaper than a hash object.</summary>
    private const int StackLimit = 1024;

    /// <summary>Hashes netstring(tag) and the raw value. <paramref name="destination"/> (1 to 32 bytes) gets the leading bytes; it may overlap the value.</summary>
    public static void Compute(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        if (tag.Length + value.Length > StackLimit - 16)
        {
            using var hasher = new TaggedHasher(tag);
            hasher.Append(value);
            hasher.Finish(destination);
            return;
        }

        Span<byte> message = stackalloc byte[StackLimit];
        var length = Netstring.Write(tag, message);
        value.CopyTo(message[length..]);
        DoubleHash(message[..(length + value.Length)], destination);
    }

    public static Digest Compute(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        Compute(tag, value, hash);
        return Digest.From(hash);
    }

    /// <summary>Hashes netstring(tag), netstring(first), netstring(second), all of them short.</summary>
    public static void ComputePair(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        if (tag.Length + first.Length + second.Length > StackLimit - 48)
        {
            throw new ArgumentException("Pairs are hashes, keys and identities; these are longer.", nameof(second));
        }

        Span<byte> message = stackalloc byte[StackLimit];
        var length = Netstring.Write(tag, message);
        length += Netstring.Write(first, message[length..]);
        length += Netstring.Write(second, message[length..]);
        DoubleHash(message[..length], destination);
    }

    public static Digest ComputePair(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        ComputePair(tag, first, second, hash);
        return Digest.From(hash);
    }

    private static void DoubleHash(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        SHA256.HashData(message, hash);
        SHA256.HashData(hash, hash);
        hash[..destination.Length].CopyTo(destination);
    }
}
