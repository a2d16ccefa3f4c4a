using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>check</c> without a cap: looks at all that a folder retains.</summary>
internal static class FolderCheckRun
{
    internal static async Task<int> RunAsync(FolderOptions folder, ParseResult parsed, string? actor, bool repair, bool json, CancellationToken cancel)
    {
        var check = await CheckAsync(folder, parsed, actor, repair, cancel);
        var report = new FolderCheckReport(check);
        if (json) report.PrintJson();
        else report.PrintText();
        return check.Healthy ? ExitStatus.Done : check.Readable ? ExitStatus.Remains : ExitStatus.Failed;
    }

    private static async Task<FolderCheckDocument> CheckAsync(FolderOptions folder, ParseResult parsed, string? actor, bool repair, CancellationToken cancel)
    {
        using (var daemon = await folder.FindDaemonAsync(parsed, actor, path: null, cancel))
        {
            if (daemon is not null)
            {
                await using (ProgressLine.Start(elapsed => $"the daemon reads and verifies; {Amounts.Duration(elapsed)}", TimeProvider.System))
                    return await daemon.SendAsync("/check", new CheckRequest(repair), ApiJson.Default.CheckRequest, ApiJson.Default.FolderCheckDocument, cancel);
            }
        }
        var chosen = ChosenFolder.Choose(folder.StateOf(parsed), actor, path: null);
        var grid = await chosen.OpenGridAsync(cancel);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        var checker = new FolderChecker(view, grid, grid, TimeProvider.System);
        await using (ProgressLine.Start(elapsed => Describe(checker.Progress, elapsed), TimeProvider.System))
            return FolderCheckView.Of(view, await checker.CheckAsync(repair, cancel), checker.Progress, repair);
    }

    private static string Describe(CheckProgress progress, TimeSpan elapsed) => progress.AllObjects == 0
        ? $"reading: {Amounts.Count(progress.Snapshots, "snapshot")}, {Amounts.Count(progress.Versions, "version")}, {Amounts.Bytes(progress.Bytes)}, {ProgressLine.Rate(progress.Bytes, elapsed)}"
        : $"{ProgressLine.Bar(progress.Objects, progress.AllObjects)}verified {progress.Objects:#,0} of {progress.AllObjects:#,0} objects, {Amounts.Count(progress.Shares, "share")}, {Amounts.Bytes(progress.ShareBytes)}";
}
