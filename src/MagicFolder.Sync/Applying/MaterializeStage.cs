using System.Collections.Frozen;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Planning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Brings the disk to what the tree says, path by path, for the paths that joins have left pending. Two sweeps: forward (parents before children) for all that is
/// put in place, backward for removals, so that a file that only moved is still there to be reused. A path whose disk does not look as recorded is left alone: that
/// is a local change, which has to become a version first.
/// </summary>
internal sealed class MaterializeStage(EngineParts parts, EngineTools tools)
{
    private const int MaxPasses = 4;
    private readonly ParticipantDatabase _state = parts.State;

    internal async Task<(int Applied, IReadOnlyCollection<RelativePath> LookAgain)> RunAsync(Roster roster, CancellationToken cancel)
    {
        tools.ApplyProblems.Begin();
        var result = _state.Pending.Any() ? await SweepAsync(roster, cancel) : LookAfterLeftovers();
        foreach (var problem in tools.Unsettled.ToProblems()) tools.ApplyProblems.Note(problem);
        tools.ApplyProblems.Store();
        return result;
    }

    /// <summary>One path before all others, which depend on it: what has changed here stays in its way and is captured first, as ever.</summary>
    internal async Task<int> RunFirstAsync(RelativePath path, Roster roster, CancellationToken cancel)
    {
        if (!_state.Pending.Contains(path)) return 0;
        tools.ApplyProblems.Begin();
        await using var context = new MaterializeContext(parts, tools, roster);
        context.Batch.Staging.PrepareAgain();
        var sweep = Sweep.Of(context);
        await PrepareAsync(sweep, path, cancel);
        // Its problems are told with those of all other paths, at the end of the round.
        return await sweep.ExecuteAsync(cancel);
    }

    /// <summary>What was swapped out while somebody had it open waits for its writer, not for the next change.</summary>
    private (int Applied, IReadOnlyCollection<RelativePath> LookAgain) LookAfterLeftovers()
    {
        var lookAgain = new List<RelativePath>();
        LeftoverCare.LookAfter(parts, tools, lookAgain, CancellationToken.None);
        return (0, lookAgain);
    }

    private async Task<(int Applied, IReadOnlyCollection<RelativePath> LookAgain)> SweepAsync(Roster roster, CancellationToken cancel)
    {
        await using var context = new MaterializeContext(parts, tools, roster);
        context.Batch.Staging.PrepareAgain();
        var sweep = Sweep.Of(context);
        int applied = await new DirectoryMoves(context, sweep.Directories).RunAsync(sweep.ExecuteAsync, cancel);
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            int before = applied;
            context.GaveWay = false;
            applied += await SweepForwardAsync(sweep, cancel);
            applied += SweepBackward(sweep, cancel);
            if ((applied == before && !context.GaveWay) || !_state.Pending.Any()) break;
        }
        sweep.Directories.RestoreTimes();
        return (applied, context.PathsToLookAtAgain);
    }

    private async Task<int> SweepForwardAsync(Sweep sweep, CancellationToken cancel)
    {
        int applied = 0;
        RelativePath? after = null;
        while (_state.Pending.Page(after, parts.Options.ApplyBatchCount) is { Count: > 0 } page)
        {
            foreach (var path in page)
            {
                cancel.ThrowIfCancellationRequested();
                await PrepareAsync(sweep, path, cancel);
                if (sweep.Context.Batch.IsFull) applied += await sweep.ExecuteAsync(cancel);
            }
            applied += await sweep.ExecuteAsync(cancel);
            after = page[^1];
        }
        return applied;
    }

    private int SweepBackward(Sweep sweep, CancellationToken cancel)
    {
        var removals = PendingRemovals(sweep.Context);
        if (!MayRemove(removals)) return 0;
        int applied = 0;
        for (int i = removals.Count - 1; i >= 0; i--)
        {
            cancel.ThrowIfCancellationRequested();
            sweep.Context.Batch.Open();
            sweep.Context.LookAnew();
            var work = new PathWork(removals[i].Path);
            try
            {
                if (sweep.Context.HoldBackIfAway(work) || sweep.Context.HoldBackIfPutOff(work) || !sweep.Main.PrepareRemoval(work, removals[i])) continue;
                sweep.Beside.PrepareClearing(work, sweep.Context.DesiredAt(work.Path, removals[i]));
                sweep.Context.Batch.Add(work);
            }
            catch (DiskException e)
            {
                sweep.Context.Fail(work, e, e.ToProblem());
            }
            if (sweep.Context.Batch.IsFull) applied += sweep.Execute(cancel);
        }
        return applied + sweep.Execute(cancel);
    }

    private List<MaterializedRecord> PendingRemovals(MaterializeContext context)
    {
        var removals = new List<MaterializedRecord>();
        RelativePath? after = null;
        while (_state.Pending.Page(after, 4096) is { Count: > 0 } page)
        {
            foreach (var path in page)
                if (_state.Records.Find(path) is { } record && !context.IsIgnored(path) && context.DesiredAt(path, record).Kind == MainKind.Nothing) removals.Add(record);
            after = page[^1];
        }
        return removals;
    }

    private bool MayRemove(List<MaterializedRecord> removals)
    {
        var hold = new DeletionHold(_state.Guard, GuardOrigins.Remote, DeletionGuard.Holds);
        if (!parts.Options.ConfirmDeletions
            && hold.Judge(removals.Count, () => new Losses(_state.Records, FrozenSet<BlobId>.Empty).Count(removals), _state.Records.Count(), tools.NowMs()) is { } held)
        {
            _state.Guard.Write(held);
            tools.ApplyProblems.Note(GuardOrigins.Describe(GuardOrigins.Remote, held.Count, held.Of));
            return false;
        }
        tools.ApplyProblems.Forget(RelativePath.Root);
        if (_state.Guard.Find(GuardOrigins.Remote) is not null) _state.Guard.Clear(GuardOrigins.Remote);
        return true;
    }

    private async ValueTask PrepareAsync(Sweep sweep, RelativePath path, CancellationToken cancel)
    {
        var context = sweep.Context;
        context.Batch.Open();
        context.LookAnew();
        var record = _state.Records.Find(path);
        var desired = context.DesiredAt(path, record);
        var work = new PathWork(path);
        try
        {
            // It stays as it is here, whatever it becomes elsewhere, until the rules are others.
            if (context.IsIgnored(path)) LeaveIgnored(context, work, desired);
            else if (!context.HoldBackIfAway(work) && !context.HoldBackIfPutOff(work)) await PrepareHereAsync(sweep, work, desired, record, cancel);
        }
        catch (Exception e) when (StagingTrouble.IsPerhapsOfOnePath(e))
        {
            if (await StagingTrouble.ToProblemAsync(e, path, tools.Reach, cancel) is not { } problem) throw;
            context.Fail(work, e, problem);
        }
        context.Batch.Add(work);
    }

    private static async ValueTask PrepareHereAsync(Sweep sweep, PathWork work, DesiredState desired, MaterializedRecord? record, CancellationToken cancel)
    {
        if (MainPlan.HasTwin(work.Path, desired, record, sweep.Context))
        {
            HoldBackTwin(sweep.Context, work, record);
        }
        else if (await sweep.Beside.PrepareAsync(work, desired, record, cancel))
        {
            await sweep.Main.PrepareAsync(work, desired, record, cancel);
            sweep.Beside.PrepareClearing(work, desired);
        }
    }

    /// <summary>Where only what stands there is ignored, and not what has to come, that waits for it to go.</summary>
    private static void LeaveIgnored(MaterializeContext context, PathWork work, DesiredState desired)
    {
        bool isDirectory = desired.Kind == MainKind.ImpliedDirectory || desired.Main?.Value.Kind == EntryKind.Directory;
        if (desired.Kind == MainKind.Nothing || context.Tools.Ignore.Rules.Covers(work.Path, isDirectory)) work.ChangesNothing = true;
        else context.HoldBack(work, new Problem(work.Path, "what stands here is ignored, and something that is not has the same name elsewhere", "move it away"));
    }

    private static void HoldBackTwin(MaterializeContext context, PathWork work, MaterializedRecord? record)
    {
        // What was here has been renamed to the other spelling: that is a local change.
        if (record is not null) context.LookAgain(work);
        else context.HoldBack(work, new Problem(work.Path, "this disk takes its name for another spelling of one that is here", "rename one of the two; until then it is held back here"));
    }

    private sealed record Sweep(MaterializeContext Context, DirectorySteps Directories, BesideSteps Beside, MainSteps Main)
    {
        internal static Sweep Of(MaterializeContext context)
        {
            var directories = new DirectorySteps(context);
            var beside = new BesideSteps(context, directories);
            return new Sweep(context, directories, beside, new MainSteps(context, directories, beside));
        }

        internal async ValueTask<int> ExecuteAsync(CancellationToken cancel)
        {
            await Context.FinishStagingAsync(cancel);
            return Execute(cancel);
        }

        internal int Execute(CancellationToken cancel)
        {
            int applied = Context.ExecuteBatch(cancel);
            Main.BatchIsDone();
            Directories.BatchIsDone();
            return applied;
        }
    }
}
