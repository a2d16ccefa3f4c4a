using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Applying;

/// <summary>Takes the steps of a batch, and says what has to be flushed and looked at again after them.</summary>
/// <param name="parts">The disk.</param>
/// <param name="applier">Takes one step.</param>
/// <param name="touched">Gets what has to be flushed.</param>
/// <param name="lookAgain">Gets the paths that changed under our hands.</param>
internal sealed class StepTaking(EngineParts parts, FolderApplier applier, HashSet<RelativePath> touched, List<RelativePath> lookAgain)
{
    /// <summary>Fewer are not worth another thread.</summary>
    private const int FewSteps = 32;

    /// <summary>In this order. Neighbours that are alone with their paths and come to where nothing is depend on no other step: they are taken on several threads, and what came of each is noted in their order.</summary>
    internal void TakeAll(List<ApplyStep> steps)
    {
        for (int i = 0; i < steps.Count;)
        {
            int end = i;
            while (end < steps.Count && IsAlone(steps[end])) end++;
            if (end - i > FewSteps && parts.Options.ThreadsInUse > 1)
            {
                TakeTogether(steps, i, end);
                for (; i < end; i++) Settle(steps[i]);
            }
            else
            {
                for (end = Math.Max(end, i + 1); i < end; i++) TakeInTurn(steps[i]);
            }
        }
    }

    internal void TakeInTurn(ApplyStep step)
    {
        if (step.After is { IsDone: false } || (step.IsLast && !step.Work.IsWellBefore(step)) || (step.Intent.Kind == IntentKind.Replace && !step.Work.StandsBesideBefore(step)))
        {
            step.Work.IsHeldBack = true;
            return;
        }
        step.Outcome = Take(step);
        if (SwappedAfterAll.Judge(parts.Disk, step) is { } judged)
        {
            step.Outcome = judged;
            lookAgain.Add(step.Path);
        }
        Settle(step);
        // What is put below it would be gone from the stage and nowhere, if a power loss kept that and not this.
        if (step.IsDone && step.Intent is { Kind: not IntentKind.Remove, Value.Kind: EntryKind.Directory }) parts.Disk.Flush([step.Path.Parent, step.Intent.Stage.Parent]);
    }

    private static bool IsAlone(ApplyStep step) =>
        step is { After: null, IsLast: false, Intent: { Kind: IntentKind.Create, Value.Kind: EntryKind.File }, Work.Steps.Count: 1 };

    private void TakeTogether(List<ApplyStep> steps, int from, int to)
    {
        int next = from - 1;
        void Work()
        {
            try
            {
                for (int at; (at = Interlocked.Increment(ref next)) < to;) steps[at].Outcome = Take(steps[at]);
            }
            catch
            {
                // A fault of the program: nobody takes one more.
                Interlocked.Exchange(ref next, to);
                throw;
            }
        }
        var others = new Task[parts.Options.ThreadsInUse - 1];
        for (int i = 0; i < others.Length; i++) others[i] = Task.Run(Work);
        try
        {
            Work();
        }
        finally
        {
            Task.WaitAll(others);
        }
    }

    private ApplyOutcome Take(ApplyStep step)
    {
        var intent = step.Intent;
        switch (intent.Kind)
        {
            case IntentKind.Create:
                if (step.After is not null && AdjustMoved(step) is { } trouble) return trouble;
                return applier.PutNew(intent.Stage, intent.Path);
            case IntentKind.Replace:
                return applier.Exchange(intent.Stage, intent.Path, intent.Expected!.Value);
            default:
                return applier.TakeAway(intent.Path, intent.Stage, intent.Expected!.Value);
        }
    }

    /// <summary>
    /// A moved file is the new version already, but for its mtime. No more than that is set on it: should a power loss take back the move but not what was set, it would pass for a change that its user made.
    /// </summary>
    private ApplyOutcome? AdjustMoved(ApplyStep step)
    {
        long mtimeNs = step.Intent.Value!.MtimeNs;
        var former = step.After!.Former!;
        if (former.Signature.MtimeNs == mtimeNs) return null;
        try
        {
            parts.Disk.SetAttributes(step.Intent.Stage, mtimeNs, mode: null);
            step.After.OnStage = former with { Signature = former.Signature with { MtimeNs = mtimeNs } };
            touched.Add(step.Path);
            return null;
        }
        catch (DiskException e)
        {
            return new ApplyOutcome(ApplyKind.Failed, null, StageHoldsOld: false, e.ToProblem());
        }
    }

    private void Settle(ApplyStep step)
    {
        touched.Add(step.Path.Parent);
        touched.Add(step.Intent.Stage.Parent);
        if (step.Outcome.Kind == ApplyKind.Done) return;
        if (step.Outcome.Kind is ApplyKind.LocalChange or ApplyKind.KeptAside) lookAgain.Add(step.Path);
        step.Work.IsHeldBack = true;
    }
}
