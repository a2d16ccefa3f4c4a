using System.Diagnostics.CodeAnalysis;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>
/// Base32 as in caps: lowercase RFC 4648 alphabet, most significant bit first, no padding, unused bits of the last character zero, so that every
/// byte string has exactly one spelling (tahoe-capabilities, section 1).
/// </summary>
public static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static int EncodedLength(int byteCount) => checked(((byteCount * 8) + 4) / 5);

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[EncodedLength(bytes.Length)];
        uint window = 0;
        int bits = 0, at = 0;
        foreach (var b in bytes)
        {
            window = (window << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                chars[at++] = Alphabet[(int)(window >> bits) & 31];
            }
        }

        if (bits > 0)
        {
            chars[at] = Alphabet[(int)(window << (5 - bits)) & 31];
        }

        return new string(chars);
    }

    /// <summary>Decodes text that is in canonical form; any other text gives false.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var decoded = new byte[(int)((long)text.Length * 5 / 8)];
        if (EncodedLength(decoded.Length) != text.Length || !TryDecode(text, decoded))
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    /// <summary>Decodes exactly as many bytes as <paramref name="destination"/> holds; any other length or spelling gives false.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length != EncodedLength(destination.Length))
        {
            return false;
        }

        uint window = 0;
        int bits = 0, at = 0;
        foreach (var c in text)
        {
            var value = c switch
            {
                >= 'a' and <= 'z' => c - 'a',
                >= '2' and <= '7' => c - '2' + 26,
                _ => -1,
            };
            if (value < 0)
            {
                return false;
            }

            window = (window << 5) | (uint)value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                destination[at++] = (byte)(window >> bits);
            }
        }

        return (window & ((1u << bits) - 1)) == 0;
    }
}
