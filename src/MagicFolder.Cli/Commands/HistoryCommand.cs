using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>history [PATH]</c>: the snapshots of all participants, or the versions of one path.</summary>
internal static class HistoryCommand
{
    internal static Command Create()
    {
        var path = new Argument<string?>("PATH")
        {
            Description = "A file or directory, relative to the folder, or a path of the file system in a participant's directory. Without it: the snapshots of the whole folder",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var json = CommonOptions.Json();
        var command = new Command(
            "history",
            """
            List what can be brought back, newest first: the snapshots that the participants published, or the versions that one path had, deletions included.
            The version ids are for 'restore --version'. Works while 'sync --watch' runs.

            Example: magic-folder history report.txt
            """)
        {
            path, actor, json,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var (chosen, history) = await ReadAsync(parsed.GetValue(path), folder, parsed, parsed.GetValue(actor), cancel);
            foreach (var problem in history.Problems) Console.Error.WriteLine(Printable.Line(problem.Path, problem.Reason, problem.Advice));
            var report = new HistoryReport(history.Versions, chosen, folder.ForNext(parsed, parsed.GetValue(actor)));
            if (parsed.GetValue(json)) report.PrintJson();
            else report.PrintText();
            return history.Problems.Count == 0 ? ExitStatus.Done : ExitStatus.Remains;
        }));
        return command;
    }

    /// <returns>The path, the root for the whole folder, and its history.</returns>
    private static async Task<(RelativePath Path, HistoryDocument History)> ReadAsync(string? path, FolderOptions folder, ParseResult parsed, string? actor, CancellationToken cancel)
    {
        using (var daemon = await folder.FindDaemonAsync(parsed, actor, path, cancel))
        {
            if (daemon is not null)
            {
                var asked = daemon.Chosen.Path ?? RelativePath.Root;
                return (asked, await daemon.GetAsync($"/history{DaemonFolder.QueryOf(asked)}", ApiJson.Default.HistoryDocument, cancel));
            }
        }
        var chosen = ChosenFolder.Choose(folder.StateOf(parsed), actor, path);
        var grid = await chosen.OpenGridAsync(cancel);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        var meant = chosen.Path ?? RelativePath.Root;
        return (meant, await HistoryView.ReadAsync(view, grid, meant, cancel));
    }
}
