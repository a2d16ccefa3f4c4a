using System.Text;

namespace MagicFolder.Model.Ignoring;

/// <summary>A pattern for one name: <c>*</c> any characters, <c>?</c> one of them, a bracket expression one of those, a backslash takes the meaning from what follows.</summary>
internal sealed class NamePattern
{
    private readonly Token[] _tokens;

    private NamePattern(Token[] tokens) => _tokens = tokens;

    /// <summary>Null when the pattern makes no sense: a bracket is not closed, or nothing follows a backslash.</summary>
    internal static NamePattern? Parse(ReadOnlySpan<byte> text)
    {
        var tokens = new List<Token>();
        var literal = new List<byte>();
        for (int at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'*':
                    Flush();
                    if (tokens.Count == 0 || tokens[^1].Kind != TokenKind.Any) tokens.Add(new Token(TokenKind.Any));
                    break;
                case (byte)'?':
                    Flush();
                    tokens.Add(new Token(TokenKind.One));
                    break;
                case (byte)'[':
                    Flush();
                    if (CharacterClass.Parse(text[(at + 1)..], out int read) is not { } characters) return null;
                    tokens.Add(new Token(TokenKind.OneOf, Class: characters));
                    at += read;
                    break;
                case (byte)'\\':
                    if (++at == text.Length) return null;
                    literal.Add(text[at]);
                    break;
                default:
                    literal.Add(text[at]);
                    break;
            }
        }
        Flush();
        return new NamePattern([.. tokens]);

        void Flush()
        {
            if (literal.Count > 0) tokens.Add(new Token(TokenKind.Literal, [.. literal]));
            literal.Clear();
        }
    }

    /// <summary>Goes back to the last <c>*</c> only, which is enough: the time is at most the product of both lengths.</summary>
    internal bool Matches(ReadOnlySpan<byte> name)
    {
        int token = 0, at = 0, star = -1, starAt = 0;
        while (token < _tokens.Length || at < name.Length)
        {
            if (token < _tokens.Length && _tokens[token].Kind == TokenKind.Any)
            {
                (star, starAt) = (token++, at);
                continue;
            }
            if (token < _tokens.Length && Take(_tokens[token], name[at..]) is > 0 and var taken)
            {
                token++;
                at += taken;
                continue;
            }
            if (star < 0 || starAt == name.Length) return false;
            Rune.DecodeFromUtf8(name[starAt..], out _, out int length);
            (token, at) = (star + 1, starAt += length);
        }
        return true;
    }

    /// <summary>Can a name that it matches begin with this byte? True also when that takes more than one byte to tell.</summary>
    internal bool MayBeginWith(byte value) => MayBe(_tokens[0], value, literal => literal[0]);

    /// <summary>Can a name that it matches end with this byte? True also when that takes more than one byte to tell.</summary>
    internal bool MayEndWith(byte value) => MayBe(_tokens[^1], value, literal => literal[^1]);

    private static bool MayBe(Token token, byte value, Func<byte[], byte> outer) => token.Kind switch
    {
        TokenKind.Literal => outer(token.Literal!) == value,
        TokenKind.OneOf => value >= 0x80 || token.Class!.Contains(new Rune(value)),
        _ => true,
    };

    /// <summary>How many bytes the token takes from the front; 0 if it does not fit.</summary>
    private static int Take(Token token, ReadOnlySpan<byte> rest)
    {
        if (token.Kind == TokenKind.Literal) return rest.StartsWith(token.Literal) ? token.Literal!.Length : 0;
        if (rest.IsEmpty) return 0;
        Rune.DecodeFromUtf8(rest, out var rune, out int length);
        return token.Kind == TokenKind.One || token.Class!.Contains(rune) ? length : 0;
    }

    private enum TokenKind
    {
        Literal,
        Any,
        One,
        OneOf,
    }

    private readonly record struct Token(TokenKind Kind, byte[]? Literal = null, CharacterClass? Class = null);
}
