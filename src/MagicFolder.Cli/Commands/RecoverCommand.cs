using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.State;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Commands;

/// <summary><c>recover --folder FOLDER</c>: lets a participant go on that was stopped as a second writer, or whose state is damaged.</summary>
internal static class RecoverCommand
{
    internal static Command Create()
    {
        var options = new FolderOptions();
        var actor = CommonOptions.As();
        var command = new Command(
            "recover",
            """
            Go on after this computer was cloned or restored from a backup, or when its state is damaged. The state is put aside and a new one begun; it joins what this participant had published, and
            takes the files on the disk for what they are by their content. Nothing is lost: what equals no version is a change. Of two clones the one that recovers goes on, and the other is
            stopped; let that one leave, and join with an invite of its own.

            Example: magic-folder recover --folder holiday
            """)
        {
            actor,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            // Never by the way: which one is set aside has to be said.
            if (!options.IsGiven(parsed)) throw new UsageException("say which folder: --folder FOLDER, or --state DIR for one of 'sync'.");
            using (var daemon = await options.FindDaemonAsync(parsed, parsed.GetValue(actor), path: null, cancel))
            {
                if (daemon is not null)
                {
                    var recovered = await daemon.PostAsync("/recover", ApiJson.Default.RecoveredDocument, cancel);
                    Print(daemon.Name, recovered.FormerState, recovered.Paused ? "It is paused, and goes on when it is resumed." : "It goes on now.");
                    return ExitStatus.Done;
                }
            }
            var chosen = ChosenFolder.Choose(options.StateOf(parsed), parsed.GetValue(actor), null);
            if (chosen.Folder.Participants.Length > 1 && parsed.GetValue(actor) is null)
                throw new UsageException($"say who, with --as: {string.Join(", ", chosen.Folder.Participants.Select(p => p.Name))}.");
            Print(chosen.Participant.Name, SetAside(chosen), "It goes on with the next 'magic-folder sync', or when the daemon runs.");
            return ExitStatus.Done;
        }));
        return command;
    }

    private static string? SetAside(ChosenFolder chosen)
    {
        try
        {
            return StateRecovery.SetStateAside(chosen.State, chosen.Participant.Name, TimeProvider.System);
        }
        catch (StateInUseException)
        {
            throw new CommandException("Another magic-folder command works with this folder; stop it first.");
        }
    }

    private static void Print(string who, string? former, string next) => Console.Out.WriteLine(
        former is null ? $"{who}: there was no state; a new one begins. {next}" : $"{who}: a new state begins; the former one is kept as {former}. {next}");
}
