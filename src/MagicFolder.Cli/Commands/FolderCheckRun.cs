using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Cli.Commands;

/// <summary><c>check</c> without a cap: looks at all that a folder retains.</summary>
internal static class FolderCheckRun
{
    internal static async Task<int> RunAsync(string? state, string? actor, bool repair, bool json, CancellationToken cancel)
    {
        var chosen = ChosenFolder.Choose(state, actor, path: null);
        var grid = await chosen.OpenGridAsync(cancel);
        using var view = FolderView.Open(chosen.Folder, chosen.State, chosen.Participant);
        var checker = new FolderChecker(view, grid, grid, TimeProvider.System);
        FolderCheck check;
        await using (ProgressLine.Start(elapsed => Describe(checker.Progress, elapsed), TimeProvider.System)) check = await checker.CheckAsync(repair, cancel);
        var report = new FolderCheckReport(chosen, check, checker.Progress, repair);
        if (json) report.PrintJson();
        else report.PrintText();
        return check.IsHealthy ? ExitStatus.Done : check.IsReadable ? ExitStatus.Remains : ExitStatus.Failed;
    }

    private static string Describe(CheckProgress progress, TimeSpan elapsed) => progress.AllObjects == 0
        ? $"reading: {Amounts.Count(progress.Snapshots, "snapshot")}, {Amounts.Count(progress.Versions, "version")}, {Amounts.Bytes(progress.Bytes)}, {ProgressLine.Rate(progress.Bytes, elapsed)}"
        : $"{ProgressLine.Bar(progress.Objects, progress.AllObjects)}verified {progress.Objects:#,0} of {progress.AllObjects:#,0} objects, {Amounts.Count(progress.Shares, "share")}, {Amounts.Bytes(progress.ShareBytes)}";
}
