using System.CommandLine;
using MagicFolder.Cli.Commands;
using MagicFolder.Cli.Commands.Daemon;
using MagicFolder.Cli.Output;

namespace MagicFolder.Cli;

/// <summary>The command <c>magic-folder</c>. Exit status: 0 done; 1 failed; 2 wrong usage; 3 done, but conflicts or problems with single paths remain.</summary>
internal static class Program
{
    internal static async Task<int> Main(string[] arguments)
    {
        CommandGroup[] groups =
        [
            new("Directories of this computer", SyncCommand.Create()),
            new("Several computers", InitCommand.Create(), RunCommand.Create(), AddCommand.Create(), InviteCommand.Create(), JoinCommand.Create(), StatusCommand.Create(), ListCommand.Create(),
                ParticipantsCommand.Create(), InvitesCommand.Create(), RemoveCommand.Create(), LeaveCommand.Create(), ScanCommand.Create(), PollCommand.Create(), PauseCommand.Create(),
                ResumeCommand.Create(), ConfigCommand.Create()),
            new("Conflicts, and what happened", ConflictsCommand.Create(), ResolveCommand.Create(), WhyCommand.Create()),
            new("Former versions", HistoryCommand.Create(), RestoreCommand.Create(), UndoCommand.Create()),
            new("When something went wrong", ConfirmCommand.Create(), RecoverCommand.Create(), CheckCommand.Create()),
            new("The storage", GcCommand.Create(), PutCommand.Create(), GetCommand.Create(), PublishCommand.Create()),
        ];
        var root = new RootCommand("Directories that are the same on several computers, stored end-to-end encrypted on storage that nobody has to trust.");
        foreach (var command in groups.SelectMany(group => group.Commands)) root.Add(command);
        Overview.Replace(root, groups);
        var parsed = root.Parse(arguments);
        string[] wrong =
        [
            .. parsed.Errors.Select(error => error.Message),
            .. UnknownOptions.In(parsed).Select(option => $"There is no option {option} here; what is no option is written ./{option}"),
            .. EmptyOptions.In(parsed).Select(option => $"{option} is given, but its value is empty."),
        ];
        if (wrong.Length > 0)
        {
            foreach (string message in wrong) Console.Error.WriteLine($"magic-folder: {message}");
            Console.Error.WriteLine("Try 'magic-folder --help', or a command with --help.");
            return ExitStatus.Usage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
    }
}
