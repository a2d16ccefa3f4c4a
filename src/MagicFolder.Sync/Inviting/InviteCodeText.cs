using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Inviting;

/// <summary>
/// The text of an invite code: <c>magic1-</c> and base32 of length (2 bytes), payload and checksum (4 bytes). The length tells what was cut off from what was mistyped
/// (docs/formats/invite.md, section 1).
/// </summary>
internal static class InviteCodeText
{
    private const string Prefix = "magic1-";
    private const int LengthLength = 2;
    private const int CheckLength = 4;

    internal static string Encode(ReadOnlySpan<byte> payload)
    {
        byte[] bytes = new byte[LengthLength + payload.Length + CheckLength];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)payload.Length));
        payload.CopyTo(bytes.AsSpan(LengthLength));
        Check(bytes.AsSpan(0, LengthLength + payload.Length)).CopyTo(bytes, LengthLength + payload.Length);
        return Prefix + Base32.Encode(bytes);
    }

    /// <summary>The payload.</summary>
    /// <exception cref="RefusedException">It is no such text, or incomplete, or mistyped.</exception>
    internal static byte[] Decode(string text)
    {
        string squeezed = Squeeze(text);
        if (!squeezed.StartsWith(Prefix, StringComparison.Ordinal)) throw IsNewer(squeezed) ? Newer() : NotACode();
        var letters = squeezed.AsSpan(Prefix.Length);
        int expected = ExpectedLength(letters);
        if (expected == 0) throw new RefusedException("The code is incomplete. Copy all of it.");
        if (letters.Length < expected)
            throw new RefusedException($"The code is incomplete: {letters.Length + Prefix.Length} of {expected + Prefix.Length} characters. Copy all of it.");
        if (letters.Length > expected || !Base32.TryDecode(letters, out byte[]? bytes)) throw Mistyped();
        var checkedPart = bytes.AsSpan(0, bytes.Length - CheckLength);
        return bytes.AsSpan(checkedPart.Length).SequenceEqual(Check(checkedPart)) ? checkedPart[LengthLength..].ToArray() : throw Mistyped();
    }

    internal static RefusedException Mistyped() => new("The code has a mistake in it. Copy it anew, all of it.");

    internal static RefusedException Newer() => new("The code was made by a newer version of this program; update the program.");

    private static RefusedException NotACode() => new($"This is no invite code; one begins with {Prefix}.");

    /// <summary>0 when not even the length is there.</summary>
    private static int ExpectedLength(ReadOnlySpan<char> letters)
    {
        int prefix = Base32.EncodedLength(LengthLength);
        if (letters.Length < prefix) return 0;
        // 4 characters are 20 bits, of which the first 16 are the length.
        Span<char> padded = ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'];
        letters[..prefix].CopyTo(padded);
        Span<byte> head = stackalloc byte[5];
        if (!Base32.TryDecode(padded, head)) throw Mistyped();
        return Base32.EncodedLength(LengthLength + BinaryPrimitives.ReadUInt16BigEndian(head) + CheckLength);
    }

    private static byte[] Check(ReadOnlySpan<byte> bytes) => SHA256.HashData([.. "magic-folder-invite-code-v1\n"u8, .. bytes])[..CheckLength];

    private static bool IsNewer(string text) =>
        text.StartsWith("magic", StringComparison.Ordinal) && text.IndexOf('-', StringComparison.Ordinal) is > 5 and var dash
        && int.TryParse(text.AsSpan(5, dash - 5), NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version > 1;

    /// <summary>Lower case, without the white space, line ends and invisible characters that mail and chat put in.</summary>
    private static string Squeeze(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (char c in text)
            if (!char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format) kept.Append(char.ToLowerInvariant(c));
        return kept.ToString();
    }
}
