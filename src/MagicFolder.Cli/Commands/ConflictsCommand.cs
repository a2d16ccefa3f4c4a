using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>conflicts</c>: which paths have several versions, and where these stand.</summary>
internal static class ConflictsCommand
{
    internal static Command Create()
    {
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var json = CommonOptions.Json();
        var command = new Command(
            "conflicts",
            """
            List the conflicts: paths that were changed on several sides without knowledge of one another. All their versions are kept: yours under its own name, the others
            beside it. Works while 'sync --watch' runs. The exit status is 3 when there are conflicts.

            Example: magic-folder conflicts --as bob
            """)
        {
            actor, json,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var conflicts = await ReadAsync(folder, parsed, parsed.GetValue(actor), cancel);
            var report = new ConflictReport(conflicts, folder.ForNext(parsed, parsed.GetValue(actor)));
            if (parsed.GetValue(json)) report.PrintJson();
            else report.PrintText();
            return conflicts.Conflicts.Count > 0 ? ExitStatus.Remains : ExitStatus.Done;
        }));
        return command;
    }

    private static async Task<ConflictsDocument> ReadAsync(FolderOptions folder, ParseResult parsed, string? actor, CancellationToken cancel)
    {
        using (var daemon = await folder.FindDaemonAsync(parsed, actor, path: null, cancel))
        {
            if (daemon is not null) return await daemon.GetAsync("/conflict-versions", ApiJson.Default.ConflictsDocument, cancel);
        }
        var chosen = ChosenFolder.Choose(folder.StateOf(parsed), actor, path: null);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        return ConflictView.Of(view);
    }
}
