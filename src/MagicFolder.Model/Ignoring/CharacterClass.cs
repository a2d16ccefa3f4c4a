using System.Text;

namespace MagicFolder.Model.Ignoring;

/// <summary>A bracket expression: <c>[a-z_]</c>, <c>[!0-9]</c>, <c>[^0-9]</c>, <c>[[:alpha:]]</c>.</summary>
internal sealed class CharacterClass(bool isNegated, (Rune From, Rune To)[] ranges, Func<Rune, bool>[] kinds)
{
    // The names that POSIX gives (IEEE Std 1003.1, 9.3.5), for ASCII as in the C locale.
    private static readonly Dictionary<string, Func<Rune, bool>> Kinds = new(StringComparer.Ordinal)
    {
        ["alpha"] = r => r.IsAscii && char.IsAsciiLetter((char)r.Value),
        ["digit"] = r => r.IsAscii && char.IsAsciiDigit((char)r.Value),
        ["alnum"] = r => r.IsAscii && char.IsAsciiLetterOrDigit((char)r.Value),
        ["upper"] = r => r.IsAscii && char.IsAsciiLetterUpper((char)r.Value),
        ["lower"] = r => r.IsAscii && char.IsAsciiLetterLower((char)r.Value),
        ["xdigit"] = r => r.IsAscii && char.IsAsciiHexDigit((char)r.Value),
        ["space"] = r => r.Value is ' ' or (>= '\t' and <= '\r'),
        ["blank"] = r => r.Value is ' ' or '\t',
        ["cntrl"] = r => r.Value is < 0x20 or 0x7F,
        ["print"] = r => r.Value is >= 0x20 and < 0x7F,
        ["graph"] = r => r.Value is > 0x20 and < 0x7F,
        ["punct"] = r => r.Value is > 0x20 and < 0x7F && !char.IsAsciiLetterOrDigit((char)r.Value),
    };

    internal bool Contains(Rune rune)
    {
        foreach (var (from, to) in ranges)
            if (rune >= from && rune <= to) return !isNegated;
        foreach (var kind in kinds)
            if (kind(rune)) return !isNegated;
        return isNegated;
    }

    /// <summary>Reads the expression after its opening bracket; null if it has no end or makes no sense.</summary>
    /// <param name="text">What follows the opening bracket.</param>
    /// <param name="read">How much of it the expression takes, the closing bracket included.</param>
    internal static CharacterClass? Parse(ReadOnlySpan<byte> text, out int read)
    {
        read = 0;
        int at = 0;
        bool isNegated = at < text.Length && text[at] is (byte)'!' or (byte)'^';
        if (isNegated) at++;
        var ranges = new List<(Rune, Rune)>();
        var kinds = new List<Func<Rune, bool>>();
        // A bracket that comes first stands for itself.
        for (bool isFirst = true; at < text.Length; isFirst = false)
        {
            if (text[at] == (byte)']' && !isFirst)
            {
                read = at + 1;
                return new CharacterClass(isNegated, [.. ranges], [.. kinds]);
            }
            if (text[at..].StartsWith("[:"u8))
            {
                int length = text[(at + 2)..].IndexOf(":]"u8);
                if (length < 0 || !Kinds.TryGetValue(Encoding.UTF8.GetString(text.Slice(at + 2, length)), out var kind)) return null;
                kinds.Add(kind);
                at += length + 4;
                continue;
            }
            if (!TryRune(text, ref at, out var from)) return null;
            var to = from;
            if (at + 1 < text.Length && text[at] == (byte)'-' && text[at + 1] != (byte)']')
            {
                at++;
                if (!TryRune(text, ref at, out to)) return null;
            }
            ranges.Add((from, to));
        }
        return null;
    }

    private static bool TryRune(ReadOnlySpan<byte> text, ref int at, out Rune rune)
    {
        rune = default;
        if (at < text.Length && text[at] == (byte)'\\') at++;
        if (at == text.Length) return false;
        Rune.DecodeFromUtf8(text[at..], out rune, out int length);
        at += length;
        return true;
    }
}
