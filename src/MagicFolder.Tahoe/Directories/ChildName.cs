using System.Text;

namespace MagicFolder.Tahoe.Directories;

/// <summary>
/// The name of a child of a directory: any text in normalization form C, also the empty one. Ordered by code points, as directories are. <c>default</c> is the empty name. Names come from other
/// people: who makes paths of them must refuse <c>..</c> and <c>/</c>.
/// </summary>
public readonly record struct ChildName : IComparable<ChildName>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string? _text;

    private ChildName(string text) => _text = text;

    public string Text => _text ?? string.Empty;

    public static bool operator <(ChildName left, ChildName right) => left.CompareTo(right) < 0;

    public static bool operator >(ChildName left, ChildName right) => left.CompareTo(right) > 0;

    public static bool operator <=(ChildName left, ChildName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ChildName left, ChildName right) => left.CompareTo(right) >= 0;

    /// <summary>Normalizes a name.</summary>
    /// <exception cref="ArgumentException">It has an unpaired surrogate, so that it cannot be written in UTF-8.</exception>
    public static ChildName From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("The name is not Unicode: it has an unpaired surrogate.", nameof(text), e);
        }

        return new ChildName(CanonicalComposition.Normalize(text));
    }

    public int CompareTo(ChildName other)
    {
        string left = Text, right = other.Text;
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        // Surrogates stand for code points above all others, but below some as UTF-16.
        char a = left[same], b = right[same];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    public override string ToString() => Text;

    /// <summary>Null if the bytes are no UTF-8.</summary>
    internal static ChildName? TryRead(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return new ChildName(CanonicalComposition.Normalize(Strict.GetString(utf8)));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
