using System.CommandLine;

namespace MagicFolder.Cli.Commands;

/// <summary>Commands that belong together in the overview.</summary>
internal sealed record CommandGroup(string Title, params IReadOnlyList<Command> Commands);
