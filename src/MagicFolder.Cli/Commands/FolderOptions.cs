using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Commands;

/// <summary>How a command is told which folder it is about: one of <c>sync</c> by its state directory, one of the daemon by its name.</summary>
internal sealed class FolderOptions
{
    private readonly Option<string?> _state = CommonOptions.State();
    private readonly Option<string?> _folder = CommonOptions.Folder();
    private readonly Option<string?> _config = CommonOptions.Config();

    internal FolderOptions() => _folder.Description += " (of the daemon; works whether or not it runs)";

    internal void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_config);
        command.Add(_state);
    }

    internal bool IsGiven(ParseResult parsed) => parsed.GetValue(_state) is not null || parsed.GetValue(_folder) is not null || parsed.GetValue(_config) is not null;

    /// <summary>The folder, of the daemon that works with it now; null when none does, or the folder is not one of a daemon.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="actor">As given with <c>--as</c>.</param>
    /// <param name="path">As given; null where a command has none.</param>
    /// <param name="cancel">Stops asking the daemon.</param>
    internal async Task<DaemonFolder?> FindDaemonAsync(ParseResult parsed, string? actor, string? path, CancellationToken cancel) =>
        parsed.GetValue(_state) is null && (parsed.GetValue(_folder) ?? (IsGiven(parsed) ? null : KnownFolders.FindOfDaemon(path)?.Folder.Name)) is { } name
            ? await DaemonFolder.FindAsync(parsed.GetValue(_config), name, actor, path, cancel)
            : null;

    /// <summary>How the same folder and participant are named in the next command, with a space before each option; empty where nothing need be said.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="actor">As given with <c>--as</c>.</param>
    internal string ForNext(ParseResult parsed, string? actor) => string.Concat(
        new[] { ("--folder", parsed.GetValue(_folder)), ("--config", parsed.GetValue(_config)), ("--state", parsed.GetValue(_state)), ("--as", actor) }
            .Where(option => option.Item2 is not null).Select(option => $" {option.Item1} {TypedWord.Of(option.Item2!)}"));

    /// <summary>The same as the daemon writes it, which knows its folders by name alone.</summary>
    internal string ForDaemon(ParseResult parsed) => parsed.GetValue(_folder) is { } name ? $" --folder {TypedWord.Of(name)}" : "";

    /// <summary>The state directory; null when nothing says which.</summary>
    /// <exception cref="CommandException">There is no such folder.</exception>
    internal string? StateOf(ParseResult parsed)
    {
        string? state = parsed.GetValue(_state);
        if (parsed.GetValue(_folder) is not { } name)
            return parsed.GetValue(_config) is null ? state : throw new UsageException("--config goes with --folder, which says which of its folders.");
        if (state is not null) throw new UsageException("give either --folder or --state.");
        var directory = ConfigurationChoice.Existing(parsed.GetValue(_config));
        var states = FolderPlace.States(directory.Folders).Select(found => (State: found, FolderConfiguration.Load(found).Name)).ToArray();
        return Array.Find(states, found => found.Name == name).State
            ?? throw new CommandException($"There is no folder {name} in {directory.Path}; {DaemonFolder.Describe(states.Select(found => found.Name))}");
    }
}
