using System.CommandLine;
using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Sync.Exporting;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Cli.Commands;

internal sealed record PublishedView(
    string Snapshot, string Directory, string Version, string Participant, long Seq, string Time, int Files, long Bytes, int Stored, IReadOnlyList<PublishProblemView> Problems);

internal sealed record PublishProblemView(string Path, string Reason, string Advice);

/// <summary><c>publish --as-tahoe-directory</c>: shows the newest snapshot to other clients of Tahoe-LAFS.</summary>
internal static class PublishCommand
{
    internal static Command Create()
    {
        var asDirectory = new Option<bool>("--as-tahoe-directory") { Description = "As ordinary directories of Tahoe-LAFS, which every client of it can read" };
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var json = CommonOptions.Json();
        var command = new Command(
            "publish",
            """
            Show the newest snapshot of a participant to people who have another client of Tahoe-LAFS on the same storage. Prints two read caps: one of this snapshot, which never changes, and
            one of a directory whose 'Latest' is the newest snapshot and whose 'Archives' holds the earlier ones. Who has a cap can read all of that, and change nothing. What is unchanged
            since the last time is not stored again. Works while 'sync --watch' runs.

            Example: magic-folder publish --as-tahoe-directory
            """)
        {
            asDirectory, actor, json,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() =>
        {
            if (!parsed.GetValue(asDirectory)) throw new UsageException("say as what to publish: --as-tahoe-directory.");
            return RunAsync(folder.StateOf(parsed), parsed.GetValue(actor), parsed.GetValue(json), cancel);
        }));
        return command;
    }

    private static async Task<int> RunAsync(string? state, string? actor, bool json, CancellationToken cancel)
    {
        var chosen = ChosenFolder.Choose(state, actor, path: null);
        var grid = await chosen.OpenGridAsync(cancel);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        await using var reader = await HistoryReader.OpenAsync(view, grid, cancel);
        string name = chosen.Participant.Name;
        var log = await reader.ReadLogAsync(cancel);
        var newest = log.Snapshots.FirstOrDefault(snapshot => snapshot.Participant == name)
            ?? throw new CommandException(log.Problems.FirstOrDefault(problem => problem.Path == name) is { } trouble ? $"{trouble}." : $"{name} has published nothing yet; run 'magic-folder sync' first.");
        using var keys = ExportKey.ReadOrMake(chosen.State, name, MutableKeys.Generate);
        var result = await new DirectoryExporter(reader, grid, keys, ClientSecrets.Convergence(), TimeProvider.System).ExportAsync(newest, chosen.Folder.Name, cancel);
        if (json) PrintJson(result);
        else PrintText(result);
        return result.Problems.IsEmpty ? ExitStatus.Done : ExitStatus.Remains;
    }

    private static void PrintText(ExportResult result)
    {
        Console.Out.WriteLine($"snapshot   {result.Tree.ToUriString()}");
        Console.Out.WriteLine($"directory  {result.Directory.ToUriString()}");
        var snapshot = result.Snapshot;
        Console.Error.WriteLine(
            $"Version {snapshot.ShownVersion} of {snapshot.Participant} ({Times.Local(snapshot.TimeMs)}): {Amounts.Count(result.Files, "file")}, {Amounts.Bytes(result.Bytes)}; {result.Stored:#,0} stored anew.");
        foreach (var problem in result.Problems) Console.Error.WriteLine($"magic-folder: {problem}.");
    }

    private static void PrintJson(ExportResult result)
    {
        var snapshot = result.Snapshot;
        JsonText.Print(
            new PublishedView(
                result.Tree.ToUriString(), result.Directory.ToUriString(), snapshot.ShownVersion, snapshot.Participant, snapshot.Seq, Times.Iso(snapshot.TimeMs), result.Files, result.Bytes,
                result.Stored, [.. result.Problems.Select(problem => new PublishProblemView(problem.Path, problem.Reason, problem.Advice))]),
            PublishJson.Indented.PublishedView);
    }
}

[JsonSerializable(typeof(PublishedView))]
internal sealed partial class PublishJson : JsonSerializerContext
{
    internal static PublishJson Indented { get; } = new(new System.Text.Json.JsonSerializerOptions(JsonText.Options));
}
