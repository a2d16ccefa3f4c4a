using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Deciding;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Applying;

/// <summary>What the steps of a batch came to, brought to the state: within the transaction that removes their intents.</summary>
internal sealed class StepCommit(EngineParts parts, EngineTools tools, List<ApplyStep> steps, Action<RelativePath, Problem> failed)
{
    private readonly ParticipantDatabase _state = parts.State;

    /// <summary>Staged and not put in place, so that it can go.</summary>
    internal List<RelativePath> Unused { get; } = [];

    internal List<RelativePath> LookAgain { get; } = [];

    internal void Run(ApplyStep step)
    {
        var intent = step.Intent;
        var outcome = step.Outcome;
        if (outcome.StageHoldsOld && !(step.StageIsReused && ReuserIsDone(step)))
        {
            var former = step.OnStage ?? step.Former!;
            _state.Leftovers.Put(new StagedLeftover(intent.Stage, step.Path, former.Dots, former.Value, former.Signature, tools.NowMs()));
        }
        else if (!step.IsDone && intent.Kind != IntentKind.Remove && step.After is null)
        {
            // What is back on the stage was in place for a moment, and a program may have opened it there, or put something into it.
            if (outcome.Kind == ApplyKind.LocalChange && intent is { Kind: IntentKind.Replace, Value: { Kind: EntryKind.File or EntryKind.Directory } value })
                _state.Leftovers.Put(new StagedLeftover(intent.Stage, step.Path, intent.Dots, value, intent.Staged!.Value, tools.NowMs()));
            else Unused.Add(intent.Stage);
        }
        if (outcome.Aside is { } aside && step.Former is { } away)
        {
            _state.Leftovers.Put(outcome.AsideIsOurs && intent is { Value: { } ours, Staged: { } staged }
                ? new StagedLeftover(aside, step.Path, intent.Dots, ours, staged, tools.NowMs())
                : new StagedLeftover(aside, step.Path, away.Dots, away.Value, away.Signature, tools.NowMs()));
            // With its record, that nothing is in place would look like a deletion by the user.
            if (outcome.InPlace is null && intent.ConflictOf is null) _state.Records.Remove(step.Path);
        }
        if (outcome.Problem is { } problem) failed(step.Work.Path, problem);
        // What a failing disk left on the stage is away from its place all the same, and looked after there: with its record it would look like a deletion by the user.
        if (intent.Kind == IntentKind.Remove && (step.IsDone || outcome is { Kind: ApplyKind.Failed, StageHoldsOld: true })) CommitRemoval(step);
        else if (step.IsDone || IsInPlaceAllTheSame(step)) CommitPlaced(step);
    }

    /// <summary>A disk that failed after the swap left what was put there in its place: with the record of what came out, it would look like a change by the user.</summary>
    private static bool IsInPlaceAllTheSame(ApplyStep step) =>
        step is { Outcome: { Kind: ApplyKind.Failed, StageHoldsOld: true, InPlace: { } there }, Intent: { Kind: IntentKind.Replace, Staged: { } staged } } && there.ToSignature().IsThing(staged.Inode, staged.Device) is true;

    private bool ReuserIsDone(ApplyStep away) => steps.Exists(step => ReferenceEquals(step.After, away) && step.IsDone);

    private void CommitRemoval(ApplyStep step)
    {
        if (step.Intent.ConflictOf is not null)
        {
            _state.ConflictFiles.Remove(step.Path);
            return;
        }
        _state.Records.Remove(step.Path);
        tools.RecheckImpliedParent(step.Path);
        if (!step.StageIsReused) Log(step, ActivityKinds.Removed, "it was deleted elsewhere, so it was removed here");
    }

    private void CommitPlaced(ApplyStep step)
    {
        var intent = step.Intent;
        var stat = step.Outcome.InPlace!.Value;
        // With the bit of what was staged: who changed it in place since made a change.
        var signature = stat.ToSignature() with { Executable = intent.Staged!.Value.Executable };
        if (intent.ConflictOf is { } main)
        {
            // Where an edit could hide behind fresh times, nothing but the content will tell.
            bool isFresh = FileSystem.Capturing.Racy.IsRacyBySetMtime(stat, tools.NowNs());
            _state.ConflictFiles.Put(new ConflictFile(intent.Path, main, intent.Dots, intent.Value!, isFresh ? DiskSignature.OfBit(signature.Executable) : signature));
            return;
        }
        // The mtime was set by us, so only a change within its own granule could hide; a moved file whose mtime was set could hide one before.
        bool racy = FileSystem.Capturing.Racy.IsRacyBySetMtime(stat, tools.NowNs())
            || (step.After is { Former: { } former } && former.Signature.MtimeNs != stat.MtimeNs);
        _state.Records.Put(new MaterializedRecord(intent.Path, intent.Dots, intent.Value!, signature, Implied: intent.Dots.IsEmpty, Racy: racy));
        SeenBeside.NoteArrival(parts, intent.Path, intent.Value!);
        if (racy) LookAgain.Add(intent.Path);
        if (intent.Kind == IntentKind.Replace) Log(step, ActivityKinds.Replaced, intent.Dots.IsEmpty ? "a directory took its place" : $"version {intent.Dots[^1]} took its place");
    }

    private void Log(ApplyStep step, string kind, string text) => _state.Activity.Append(tools.NowMs(), step.Path, kind, text);
}
