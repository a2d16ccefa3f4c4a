using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>restore PATH (--version ID | --at TIME) [--to DIR]</c>: brings back what was.</summary>
internal static class RestoreCommand
{
    internal static Command Create()
    {
        var path = CommonOptions.Path("A file, or a directory with all that was in it (. for everything)");
        var version = new Option<string?>("--version") { Description = "The version, as 'history' lists it, or the first digits of its id", HelpName = "ID" };
        var at = new Option<string?>("--at") { Description = $"As it was for the acting participant at that time: {PastTime.Forms}", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Put it into this directory instead, which is made if needed; nothing there is overwritten", HelpName = "DIR" };
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var command = new Command(
            "restore",
            """
            Bring back a file or a directory as it was. In place it becomes a new version that goes to all participants; what is there now stays in the history. A deleted
            file comes back. Restoring a directory never deletes what came into it later. With --to nothing of the folder changes, and it works while 'sync --watch' runs.

            Example: magic-folder restore report.txt --at "2026-11-25 14:30"
            Example: magic-folder restore photos --version 1f2e3d4c --to ~/old-photos
            """)
        {
            path, version, at, to, actor,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var (what, id, time, target) = (parsed.GetRequiredValue(path), parsed.GetValue(version), parsed.GetValue(at), parsed.GetValue(to));
            if (id is null == time is null) throw new UsageException("give either --version ID or --at TIME; 'magic-folder history PATH' lists the versions.");
            if (target is null)
            {
                using var daemon = await folder.FindDaemonAsync(parsed, parsed.GetValue(actor), what, cancel);
                if (daemon is not null) return await AskDaemonAsync(daemon, id, time, cancel);
            }
            return await RunAsync(what, id, time, target, folder.StateOf(parsed), parsed.GetValue(actor), cancel);
        }));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? version, string? at, string? to, string? state, string? actor, CancellationToken cancel)
    {
        long? atMs = at is null ? null : PastTime.Parse(at, TimeProvider.System);
        var chosen = ChosenFolder.Choose(state, actor, path);
        var request = new RestoreRequest(chosen.Path!.Value, version, atMs);
        if (to is not null) return Report(request, await RestoreOutsideAsync(chosen, request, to, cancel), Places.Real(to));

        await using var acting = await ActingSession.OpenAsync(chosen, "give another directory with --to, which works beside it", cancel);
        RestoreResult result;
        await using (ProgressLine.Start(acting.Session.Participants, TimeProvider.System))
            result = await new InPlaceRestorer(acting.Session, acting.Participant).RestoreAsync(request, cancel);
        int status = Report(request, result, to: null);
        return acting.ReportStopped() && status == ExitStatus.Done ? ExitStatus.Remains : status;
    }

    private static async Task<RestoreResult> RestoreOutsideAsync(ChosenFolder chosen, RestoreRequest request, string to, CancellationToken cancel)
    {
        string directory = Places.Real(to);
        if (File.Exists(directory)) throw new UsageException($"{to} is a file, not a directory.");
        foreach (string gridDirectory in GridOpening.DirectoriesOf(chosen.Folder.Grid)) Places.RefuseOverlap(directory, "the grid", gridDirectory);
        Places.RefuseOverlap(directory, "the state", Places.Real(chosen.State));
        var grid = await chosen.OpenGridAsync(cancel);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        await using var reader = await HistoryReader.OpenAsync(view, grid, cancel);
        bool isNew = !Directory.Exists(directory);
        Directory.CreateDirectory(directory);
        try
        {
            using var target = LocalDisk.Open(directory);
            return await new OutsideRestorer(reader, chosen.Participant.Name, target, SystemRandom.Instance).RestoreAsync(request, cancel);
        }
        finally
        {
            if (isNew && !Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
        }
    }

    private static async Task<int> AskDaemonAsync(DaemonFolder daemon, string? version, string? at, CancellationToken cancel)
    {
        double? seconds = at is null ? null : PastTime.Parse(at, TimeProvider.System) / 1000.0;
        var result = await daemon.SendAsync(
            "/restore", new RestoreBody(daemon.Chosen.Path!.Value.ToString(), version, seconds), ApiJson.Default.RestoreBody, ApiJson.Default.RestoredDocument, cancel);
        return Report(result, "");
    }

    private static int Report(RestoreRequest request, RestoreResult result, string? to) => Report(
        new RestoredDocument(
            request.Path.ToString(), result.Snapshot.ShownVersion, result.Snapshot.Participant, result.Snapshot.TimeMs, result.Restored, result.Unchanged,
            [.. result.Problems.Select(problem => new ProblemDocument(problem.Path, problem.Reason, problem.Advice))]),
        to is null ? "" : $" in {to}");

    private static int Report(RestoredDocument result, string place)
    {
        string from = $"version {result.Version} ({Printable.Text(result.Participant)}, {Times.Local(result.TimeMs)})";
        if (result.Restored > 0) Console.Out.WriteLine($"{Printable.Text(result.Path)}: {Amounts.Count(result.Restored, "path")} restored from {from}{place}.");
        else if (result.Problems.Count == 0) Console.Out.WriteLine($"{Printable.Text(result.Path)}: nothing to do; all is as in {from}.");
        foreach (var problem in result.Problems) Failure.Report($"{problem.Path}: {problem.Reason}; {problem.Advice}.");
        return result.Problems.Count == 0 ? ExitStatus.Done : result.Restored + result.Unchanged > 0 ? ExitStatus.Remains : ExitStatus.Failed;
    }
}
