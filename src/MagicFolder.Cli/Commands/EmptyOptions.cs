using System.CommandLine;
using System.CommandLine.Parsing;

namespace MagicFolder.Cli.Commands;

/// <summary>Options with an empty text as their value, as an unset variable of a shell makes them: for none of them it means anything.</summary>
internal static class EmptyOptions
{
    internal static IEnumerable<string> In(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Where(option => option.Tokens.Any(token => token.Value.Length == 0)).Select(option => option.Option.Name);
}
