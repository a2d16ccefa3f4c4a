using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;
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
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() => RunAsync(
            parsed.GetValue(path), folder.StateOf(parsed), parsed.GetValue(actor), parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string? path, string? state, string? actor, bool json, CancellationToken cancel)
    {
        var chosen = ChosenFolder.Choose(state, actor, path);
        var grid = await chosen.OpenGridAsync(cancel);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        await using var reader = await HistoryReader.OpenAsync(view, grid, cancel);
        var log = await reader.ReadLogAsync(cancel);
        foreach (var problem in log.Problems) Console.Error.WriteLine($"{problem}.");
        var report = new HistoryReport(reader.Petnames, json);
        if (chosen.Path is { IsRoot: false } one) report.Print(one, await reader.ReadPathAsync(log, one, cancel));
        else report.Print(await SummarizeAsync(reader, log, cancel));
        return log.Problems.IsEmpty ? ExitStatus.Done : ExitStatus.Remains;
    }

    private static async Task<IReadOnlyList<SummarizedSnapshot>> SummarizeAsync(HistoryReader reader, SnapshotLog log, CancellationToken cancel)
    {
        var summarized = new List<SummarizedSnapshot>();
        foreach (var snapshot in log.Snapshots)
        {
            if (await reader.TrySummarizeAsync(snapshot, cancel) is { } summary) summarized.Add(new SummarizedSnapshot(snapshot, summary));
        }
        return summarized;
    }
}
