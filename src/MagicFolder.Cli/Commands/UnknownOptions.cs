using System.CommandLine;
using System.CommandLine.Parsing;

namespace MagicFolder.Cli.Commands;

/// <summary>
/// The parser takes an option that it does not know for an argument, and a mistyped one would become a directory. What follows <c>--</c> is meant as it stands.
/// </summary>
internal static class UnknownOptions
{
    internal static IEnumerable<string> In(ParseResult parsed)
    {
        var meant = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Where(token => token.Value is ['-', _, ..] && !meant.Contains(token))
            .Select(token => token.Value);
    }
}
