using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>why PATH</c>: what is with this path here, and what happened to it.</summary>
internal static class WhyCommand
{
    internal static Command Create()
    {
        var path = CommonOptions.Path("The path to explain");
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var json = CommonOptions.Json();
        var command = new Command(
            "why",
            """
            Explain a path: which version is here and who made it, whether it is in conflict, what is waited for, which problems stand in the way, and what happened to it.
            Works while 'sync --watch' runs. The exit status is 1 when nothing is known of the path.

            Example: magic-folder why ~/alice/report.txt
            """)
        {
            path, actor, json,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() => RunAsync(
            parsed.GetRequiredValue(path), folder.StateOf(parsed), parsed.GetValue(actor), parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? state, string? actor, bool json, CancellationToken cancel)
    {
        var chosen = ChosenFolder.Choose(state, actor, path);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        var story = PathExplainer.Explain(view, chosen.Path!.Value, await ReadLogAsync(chosen, view, cancel));
        if (!story.IsKnown)
            throw new CommandException($"Nothing is known of {story.Path} for {story.Participant}, neither now nor before; paths are relative to {chosen.Participant.Path}.");
        var report = new WhyReport(story);
        if (json) report.PrintJson();
        else report.PrintText();
        return ExitStatus.Done;
    }

    /// <summary>The times of versions are on the grid; everything else is here, and is told without it as well.</summary>
    private static async Task<SnapshotLog?> ReadLogAsync(ChosenFolder chosen, FolderView view, CancellationToken cancel)
    {
        try
        {
            var grid = await chosen.OpenGridAsync(cancel);
            await using var reader = await HistoryReader.OpenAsync(view, grid, cancel);
            return await reader.ReadLogAsync(cancel);
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            Console.Error.WriteLine($"magic-folder: the times of versions are not shown: {e.Message}");
            return null;
        }
    }
}
