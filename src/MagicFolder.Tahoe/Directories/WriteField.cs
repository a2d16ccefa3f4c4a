using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Directories;

/// <summary>
/// A child's write cap as a mutable directory keeps it (tahoe-hashing, section 7): salt, AES-128-CTR, and a code that no reader checks, since the whole directory is signed. The salt follows from the
/// cap, so that an unchanged child is encrypted to the same bytes.
/// </summary>
internal static class WriteField
{
    internal const int Overhead = SaltLength + CodeLength;

    private const int SaltLength = 16;
    private const int CodeLength = 32;

    /// <param name="key">Of the directory.</param>
    /// <param name="cap">Empty for a child without write cap.</param>
    internal static byte[] Encrypt(WriteKey key, ReadOnlySpan<byte> cap)
    {
        var field = new byte[Overhead + cap.Length];
        var salt = field.AsSpan(0, SaltLength);
        TaggedHash.Compute(HashTags.WriteCapToSalt, cap, salt);
        var childKey = ChildKey(key, salt);
        AesCtr.Transform(childKey, 0, cap, field.AsSpan(SaltLength, cap.Length));
        WriteCode(childKey, field.AsSpan(0, SaltLength + cap.Length), field.AsSpan(SaltLength + cap.Length));
        return field;
    }

    /// <param name="key">Of the directory.</param>
    /// <param name="field">At least <see cref="Overhead"/> long.</param>
    internal static byte[] Decrypt(WriteKey key, ReadOnlySpan<byte> field)
    {
        var cap = new byte[field.Length - Overhead];
        AesCtr.Transform(ChildKey(key, field[..SaltLength]), 0, field.Slice(SaltLength, cap.Length), cap);
        return cap;
    }

    private static AesKey ChildKey(WriteKey key, ReadOnlySpan<byte> salt)
    {
        Span<byte> bytes = stackalloc byte[WriteKey.Length];
        key.CopyTo(bytes);
        TaggedHash.ComputePair(HashTags.WriteKeyAndSaltToChildKey, salt, bytes, bytes);
        return AesKey.From(bytes);
    }

    /// <summary>Not HMAC: the pads are as long as the key instead of a block of the hash.</summary>
    private static void WriteCode(AesKey key, ReadOnlySpan<byte> saltAndCiphertext, Span<byte> code)
    {
        Span<byte> pad = stackalloc byte[AesKey.Length];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        FillPad(0x36, pad);
        hash.AppendData(pad);
        hash.AppendData(saltAndCiphertext);
        hash.GetHashAndReset(code);
        FillPad(0x5c, pad);
        hash.AppendData(pad);
        hash.AppendData(code);
        hash.GetHashAndReset(code);

        void FillPad(byte value, Span<byte> destination)
        {
            key.CopyTo(destination);
            foreach (ref var b in destination)
            {
                b ^= value;
            }
        }
    }
}
