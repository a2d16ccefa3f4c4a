using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Cli.Commands;

/// <summary><c>check [CAP]</c>: looks at every share of one file or of all that a folder retains, and with <c>--repair</c> makes what is missing again.</summary>
internal static class CheckCommand
{
    internal static Command Create()
    {
        var cap = CommonOptions.Cap();
        cap.Arity = ArgumentArity.ZeroOrOne;
        cap.Description += ". Without it: all that a folder retains";
        var grid = CommonOptions.Grid();
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var repair = new Option<bool>("--repair") { Description = "Make missing and damaged shares again from the others" };
        var deep = new Option<bool>("--deep") { Description = "Check a directory and everything below it, each object once" };
        var json = CommonOptions.Json();
        var command = new Command(
            "check",
            """
            Look at every byte of every share of a file or a directory on every server of the grid. Any cap will do, also a verify cap; repairing a mutable object takes its write cap. The exit status is
            0 when all is well, 3 when the file can be read but something is missing, 1 when it cannot be read.

            Without CAP: look at all that a folder retains, every version of every file. Works while 'sync --watch' runs.

            Example: magic-folder check --repair
            Example: magic-folder check URI:CHK:... --grid grid.txt --repair
            """)
        {
            cap, grid, actor, repair, deep, json,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() =>
        {
            if (parsed.GetValue(cap) is not { } one)
            {
                if (parsed.GetValue(deep)) throw new UsageException("--deep goes with the CAP of a directory; of a folder everything is checked anyway.");
                if (parsed.GetValue(grid) is not null) throw new UsageException("--grid goes with a CAP; a folder knows its grid, and --state says which folder.");
                return FolderCheckRun.RunAsync(folder, parsed, parsed.GetValue(actor), parsed.GetValue(repair), parsed.GetValue(json), cancel);
            }
            if (folder.IsGiven(parsed) || parsed.GetValue(actor) is not null) throw new UsageException("--state and --as, or --folder, say which folder to check; with a CAP, leave them out.");
            return RunAsync(one, parsed.GetValue(grid), parsed.GetValue(repair), parsed.GetValue(deep), parsed.GetValue(json), cancel);
        }));
        return command;
    }

    private static async Task<int> RunAsync(string text, string? grid, bool repair, bool deep, bool json, CancellationToken cancel)
    {
        var given = HandGrid.ParseCap(text);
        var cap = given is DirectoryCap directory ? directory.Inner : given;
        if (repair && !deep && !CanRepair(cap)) throw new UsageException("repairing a mutable object takes its write cap (URI:SSK:..., URI:MDMF:..., URI:DIR2:...).");
        if (deep) return await DeepCheck.RunAsync(given, grid, repair, json, cancel);
        var (before, after) = await CheckAsync(cap, grid, repair, cancel);
        var report = new CheckReport(before, after, lacksWriteCap: !CanRepair(cap));
        if (json) report.PrintJson();
        else report.PrintText();
        var last = after ?? before;
        return last.IsHealthy ? ExitStatus.Done : last.IsRecoverable ? ExitStatus.Remains : ExitStatus.Failed;
    }

    internal static bool CanRepair(Cap cap) => cap is not (MutableReadCap or MutableVerifyCap);

    /// <summary>What cannot be read any more is reported like any other finding, and not repaired.</summary>
    private static async Task<(GridCheck Before, GridCheck? After)> CheckAsync(Cap cap, string? grid, bool repair, CancellationToken cancel)
    {
        if (cap is LiteralCap) return (GridCheck.Literal, null);
        var opened = await HandGrid.OpenAsync(grid, forWriting: repair, cancel);
        return await CheckAsync(opened, cap, repair, cancel);
    }

    internal static async Task<(GridCheck Before, GridCheck? After)> CheckAsync(TahoeGrid opened, Cap cap, bool repair, CancellationToken cancel)
    {
        if (!repair) return (await opened.CheckAsync(cap, cancel), null);
        var before = await opened.CheckAsync(cap, cancel);
        return before.IsRecoverable ? (before, (await opened.RepairAsync(cap, cancel)).After) : (before, null);
    }
}
