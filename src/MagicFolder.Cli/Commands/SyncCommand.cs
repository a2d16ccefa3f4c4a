using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Commands;

/// <summary><c>sync DIR DIR [DIR ...]</c>: the main job, without set-up.</summary>
internal static class SyncCommand
{
    internal static Command Create()
    {
        var directories = new Argument<string[]>("DIR") { Description = "Directories to keep the same, each DIR or NAME=DIR", Arity = ArgumentArity.OneOrMore };
        var grid = CommonOptions.Grid();
        var state = CommonOptions.State();
        var watch = new Option<bool>("--watch") { Description = "Keep them the same until stopped" };
        var json = CommonOptions.Json();
        var confirm = new Option<bool>("--confirm-deletions") { Description = "Let go on what the deletion guard holds back" };
        var threads = new Option<int?>("--threads") { Description = "On how many threads files are read, hashed and written; by default one for each processor, at most four", HelpName = "N" };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > EngineOptions.MostThreads) result.AddError($"--threads takes a number from 1 to {EngineOptions.MostThreads}");
        });
        var lowPriority = CommonOptions.LowPriority();
        var command = new Command("sync", "Make directories of this computer the same, through an encrypted store. Run it again to go on.")
        {
            directories, grid, state, watch, json, confirm, threads, lowPriority,
        };
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(lowPriority)) Priority.Lower();
            return Failure.GuardAsync(() => RunAsync(
                [.. parsed.GetRequiredValue(directories).Select(GivenDirectory.Parse)],
                parsed.GetValue(grid), parsed.GetValue(state), parsed.GetValue(watch), parsed.GetValue(json), parsed.GetValue(confirm), parsed.GetValue(threads), cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<GivenDirectory> directories, string? grid, string? state, bool watch, bool json, bool confirm, int? threads, CancellationToken cancel)
    {
        if (directories.Count < 2 && !HasOthers(directories, state))
            throw new UsageException("give at least two directories, e.g. magic-folder sync ~/alice ~/bob");
        long start = TimeProvider.System.GetTimestamp();
        var ready = await SyncSetup.PrepareAsync(directories, grid, state, cancel);
        if (confirm && watch)
        {
            // What is held now is let go; what vanishes during the watch is asked for again.
            await using var letting = await OpenAsync(ready, confirm, threads, cancel);
            await using (ProgressLine.Start(letting.Participants, TimeProvider.System)) await letting.RunToRestAsync(cancel);
        }
        await using var session = await OpenAsync(ready, confirm && !watch, threads, cancel);
        await using (ProgressLine.Start(session.Participants, TimeProvider.System)) await session.RunToRestAsync(cancel);
        var summary = SyncSummary.Of(session, ready.State, TimeProvider.System.GetElapsedTime(start));
        summary.Print(json);
        if (!watch) return summary.ExitStatus;

        if (!json) Console.Error.WriteLine("Watching; stop with Ctrl-C.");
        await using (GridPresence.Start(ready.Opened, TimeProvider.System))
            await session.WatchAsync((participant, report) => WatchLog.Print(participant, report, json), WatchLog.PrintStanding, cancel);
        return SyncSummary.Of(session, ready.State, TimeProvider.System.GetElapsedTime(start)).ExitStatus;
    }

    private static Task<FolderSession> OpenAsync(ReadyFolder ready, bool confirm, int? threads, CancellationToken cancel) =>
        FolderSession.OpenAsync(ready.Folder, ready.State, new SessionEnvironment(ready.Grid, TimeProvider.System, SystemRandom.Instance, OptionsFor(confirm, threads)), cancel);

    private static EngineOptions OptionsFor(bool confirm, int? threads)
    {
        var options = new EngineOptions { ConfirmDeletions = confirm };
        return threads is { } given ? options with { Threads = given } : options;
    }

    /// <summary>One directory is enough when it is already in a folder with others.</summary>
    private static bool HasOthers(IReadOnlyList<GivenDirectory> directories, string? state) =>
        FolderPlace.Find(directories, state) is { } found && FolderConfiguration.Load(found).Participants.Length > 1;
}
