using System.Buffers.Text;

namespace MagicFolder.Tahoe.Hashing;

/// <summary>Netstrings: decimal length, colon, bytes, comma. They make concatenations unambiguous.</summary>
public static class Netstring
{
    /// <summary>Ten digits and a colon: no length of an int needs more.</summary>
    private const int MaxHeader = 11;

    public static int EncodedLength(int valueLength) => DigitCount(valueLength) + 2 + valueLength;

    /// <summary>Writes <paramref name="value"/> and returns how many bytes of <paramref name="destination"/> it took.</summary>
    public static int Write(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        var at = WriteHeader(value.Length, destination);
        value.CopyTo(destination[at..]);
        at += value.Length;
        destination[at] = (byte)',';
        return at + 1;
    }

    /// <summary>
    /// Takes one netstring off the front of <paramref name="bytes"/>. False for anything that is not one: missing colon or comma, leading zeros, a length
    /// beyond the end.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        value = default;
        var colon = bytes[..Math.Min(bytes.Length, MaxHeader)].IndexOf((byte)':');
        if (colon < 1 || (colon > 1 && bytes[0] == '0') || !Utf8Parser.TryParse(bytes[..colon], out uint length, out var used) || used != colon)
        {
            return false;
        }

        var rest = bytes[(colon + 1)..];
        if (length >= (uint)rest.Length || rest[(int)length] != ',')
        {
            return false;
        }

        value = rest[..(int)length];
        bytes = rest[((int)length + 1)..];
        return true;
    }

    internal static int WriteHeader(int length, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(length, destination, out var written);
        destination[written] = (byte)':';
        return written + 1;
    }

    private static int DigitCount(int value)
    {
        var digits = 1;
        for (; value >= 10; value /= 10)
        {
            digits++;
        }

        return digits;
    }
}
