using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Sync.Resolving;
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
        command.SetAction((parsed, _) => Failure.GuardAsync(() => Task.FromResult(Run(folder.StateOf(parsed), parsed.GetValue(actor), parsed.GetValue(json)))));
        return command;
    }

    private static int Run(string? state, string? actor, bool json)
    {
        var chosen = ChosenFolder.Choose(state, actor, path: null);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        var conflicts = ConflictList.Of(view);
        var report = new ConflictReport(chosen, conflicts);
        if (json) report.PrintJson();
        else report.PrintText();
        return conflicts.Count > 0 ? ExitStatus.Remains : ExitStatus.Done;
    }
}
