using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.State;
using MagicFolder.Sync.Planning;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>Prepares the conflict files of a path: the siblings that stand beside it on this disk.</summary>
internal sealed class BesideSteps(MaterializeContext context, DirectorySteps directories)
{
    private const int PrivateDirectoryMode = 0b111_000_000;

    private readonly ParticipantDatabase _state = context.Parts.State;

    /// <summary>
    /// False when the user removed a conflict file, or put something under the path's own name: that decides about versions, and has to be captured first. And when nothing can be put beside: until it is
    /// there, nothing takes its place.
    /// </summary>
    internal async ValueTask<bool> PrepareAsync(PathWork work, DesiredState desired, MaterializedRecord? record, CancellationToken cancel)
    {
        var plan = BesidePlan.Of(work.Path, desired, record, context);
        if (plan.Removed is { } removed)
        {
            context.LookAgain(work);
            context.LookAgain(removed.File);
            return false;
        }
        if (plan.IsMainUnknown)
        {
            context.LookAgain(work);
            return false;
        }
        foreach (var (file, wanted) in plan.Extended) Extend(file, wanted);
        foreach (var version in plan.Put)
            if (!await PutAsync(work, version, record, cancel)) return false;
        return true;
    }

    /// <summary>
    /// After the main has been prepared: takes away the conflict files whose versions are no longer siblings here. A version that goes from beside because it is the
    /// main now goes only once it is.
    /// </summary>
    internal void PrepareClearing(PathWork work, DesiredState desired)
    {
        if (work.IsHeldBack) return;
        foreach (var file in BesidePlan.Cleared(work.Path, desired, context)) Clear(work, file);
    }

    /// <summary>
    /// A path of the tree wants the name that one of our conflict files has: the conflict file is put beside its main once more, under another name. One that the user
    /// edited becomes an ordinary file, and so a sibling of what wants the name.
    /// </summary>
    internal void GiveWay(PathWork work, ConflictFile file)
    {
        context.Batch.Revisit(file.Main);
        // Its version must not wait for what failed under the path's own name.
        context.Tools.FailedTries.Forget(file.Main);
        if (!TakeAway(work, file, isLast: false)) context.Batch.Drop(file);
        context.GaveWay = true;
        context.LookAgain(work);
    }

    /// <summary>False when the disk would refuse it.</summary>
    private async ValueTask<bool> PutAsync(PathWork work, DesiredVersion version, MaterializedRecord? record, CancellationToken cancel)
    {
        if (!directories.WillHaveParent(work.Path))
        {
            context.LookAgain(work);
            return true;
        }
        var actor = version.GreatestDot.Actor;
        var petname = context.Roster.PetnameOf(_state.Observations.Find(actor)) ?? (actor == context.Tools.Identity.Actor ? context.Parts.Petname : "unknown");
        var name = BesidePlan.NameFor(work.Path, petname, context, context.Batch.IsReserved);
        if (name.IsReserved && context.StatOrNull(name.Parent) is null)
        {
            context.Parts.Disk.CreateDirectory(name.Parent, PrivateDirectoryMode);
            context.Batch.Touch(name.Parent.Parent);
        }
        if (context.HoldBackIfClosed(work, name)) return false;
        var (stage, stat) = await context.Batch.Stager.StageAsync(name, version.Value, record, cancel);
        context.Batch.Reserve(name);
        context.Batch.Journal(work, new ApplyIntent(0, IntentKind.Create, name, stage, version.Dots, version.Value, null, stat.ToSignature(), work.Path), null);
        Log(work.Path, ActivityKinds.Conflict, $"{petname} made another version without knowing of this one; it stands beside as {name}");
        return true;
    }

    /// <summary>Others made the same version, too: the file stands for theirs as well, if it still is that version.</summary>
    private void Extend(ConflictFile file, DesiredVersion wanted)
    {
        if (Look(file) is not { } stat) return;
        // Behind fresh times another change could hide: then its content will have to be read again.
        bool isFresh = Racy.IsRacy(stat, context.Tools.NowNs());
        context.Batch.Update(file with { Dots = wanted.Dots, Signature = isFresh ? file.Signature : stat.ToSignature() });
    }

    /// <summary>
    /// The conflict is over for this sibling. A conflict file that still is what was put there goes; one that the user edited becomes an ordinary file.
    /// </summary>
    private void Clear(PathWork work, ConflictFile file)
    {
        Log(work.Path, ActivityKinds.ConflictCleared, $"the version beside it ({file.File}) was decided against");
        if (TakeAway(work, file, isLast: true)) return;
        // It stays, as an ordinary file.
        context.Batch.Drop(file);
        context.LookAgain(file.File);
    }

    /// <summary>False when it is no longer what was put there.</summary>
    private bool TakeAway(PathWork work, ConflictFile file, bool isLast)
    {
        var lookedAt = context.Tools.Now();
        bool hasTwin = context.HasTwin(file.File);
        if (hasTwin || Look(file) is not { } stat)
        {
            if (!hasTwin && file.MayBe(context.StatOrNull(file.File))) return false;
            // The user removed it meanwhile: that decides about its version, and has to be captured first.
            context.LookAgain(work);
            context.LookAgain(file.File);
            return true;
        }
        var signature = stat.ToSignature();
        if (signature != file.Signature && context.Tools.Settling.IsRacy(file.File, stat, lookedAt))
        {
            // Touched a moment ago: another change could still hide behind the same times.
            context.LookAgain(work);
            return true;
        }
        var former = new MaterializedRecord(file.File, file.Dots, file.Value, signature);
        var intent = new ApplyIntent(0, IntentKind.Remove, file.File, context.Batch.Staging.NewPlace(), [], null, signature, null, file.Main);
        context.Batch.Journal(work, intent, former, isLast: isLast);
        return true;
    }

    private DiskStat? Look(ConflictFile file) => ContentRecognition.StatIfStill(context.Parts.Disk, file);

    private void Log(RelativePath path, string kind, string text) => _state.Activity.Append(context.Tools.NowMs(), path, kind, text);
}
