using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Names;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Planning;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>Prepares what has to be done under a path's own name.</summary>
internal sealed class MainSteps(MaterializeContext context, DirectorySteps directories, BesideSteps beside)
{
    private const int MoveCandidates = 16;
    private const int PermissionBits = 0x1FF;

    private readonly ParticipantDatabase _state = context.Parts.State;
    private readonly HashSet<RelativePath> _claimed = [];

    internal async ValueTask PrepareAsync(PathWork work, DesiredState desired, MaterializedRecord? record, CancellationToken cancel)
    {
        switch (MainPlan.Decide(work.Path, desired, record, context))
        {
            case MainStep.None:
                break;
            case MainStep.WaitForRemovals:
                work.IsHeldBack = true;
                break;
            case MainStep.RefuseName:
                context.HoldBack(work, NameRules.ToProblem(work.Path, NameRules.Check(work.Path, NameRules.Host))!);
                break;
            case MainStep.LookAgain:
                context.LookAgain(work);
                break;
            case MainStep.WaitForSpecial:
                context.HoldBack(work, new Problem(work.Path, "something that is neither file, directory nor symbolic link stands where a version has to be put", "move it away"));
                break;
            case MainStep.WaitForWhatStays:
                context.HoldBack(work, new Problem(work.Path, "others have put something else in the place of this directory, and what is ignored or cannot be synchronized is still in it", "move that away, or the directory"));
                break;
            case MainStep.TakeAsImplied:
                TakeAsImplied(work);
                break;
            case MainStep.GiveWay:
                beside.GiveWay(work, context.ConflictFileAt(work.Path)!);
                break;
            case MainStep.Adopt:
                Adopt(work, desired.Main!, record!);
                break;
            case MainStep.KeepAsImplied:
                context.Batch.Update(record! with { Dots = [], Implied = true });
                break;
            case MainStep.CreateImplied:
                directories.CreateImplied(work);
                break;
            case MainStep.Create:
                await CreateAsync(work, desired.Main!, cancel);
                break;
            case MainStep.Replace:
                await ReplaceAsync(work, desired.Main!, record!, cancel);
                break;
            case MainStep.ReplaceByImplied:
                await ReplaceAsync(work, new DesiredVersion(DirectorySteps.ImpliedValue, []), record!, cancel);
                break;
        }
    }

    /// <summary>False when the thing is on its way to another path already.</summary>
    internal bool PrepareRemoval(PathWork work, MaterializedRecord record)
    {
        if (_claimed.Contains(record.Path)) return false;
        switch (RemovalPlan.Decide(record, context))
        {
            case RemovalStep.RemoveIfEmpty:
                context.Batch.RemoveDirectory(work, record);
                break;
            case RemovalStep.Remove:
                context.Batch.Journal(work, Removal(record, context.Batch.Staging.NewPlace()), record);
                break;
            default:
                context.LookAgain(work);
                break;
        }
        return true;
    }

    /// <summary>A claim lasts until its batch has been carried out.</summary>
    internal void BatchIsDone() => _claimed.Clear();

    private static ApplyIntent Removal(MaterializedRecord record, RelativePath stage) =>
        new(0, IntentKind.Remove, record.Path, stage, [], null, record.Signature, null, null);

    private void TakeAsImplied(PathWork work)
    {
        directories.FlushWithTheWay(work.Path);
        if (context.StatOrNull(work.Path) is { Kind: DiskKind.Directory } directory)
            context.Batch.Update(new MaterializedRecord(work.Path, [], EntryValue.Directory(directory.MtimeNs, directory.Mode), directory.ToSignature(), Implied: true));
        else
            context.LookAgain(work);
    }

    /// <summary>The same version with other times or bits. The bits stay as they are here: that this version is (not) executable is true already, and the others are this computer's own.</summary>
    private void Adopt(PathWork work, DesiredVersion main, MaterializedRecord record)
    {
        var value = main.Value;
        if (value.Kind != EntryKind.File || value.MtimeNs == record.Value.MtimeNs)
        {
            context.Batch.Update(new MaterializedRecord(work.Path, main.Dots, value, record.Signature));
        }
        else if (WithTime(work.Path, value.MtimeNs, record) is { } now)
        {
            context.Batch.Touch(work.Path);
            // RACE: an edit between the look and the setting of mtime would hide behind the mtime that was just set; the worst is that it is seen one scan later, because a racy record is read again.
            context.Batch.Update(new MaterializedRecord(work.Path, main.Dots, value, now.ToSignature() with { Executable = record.Signature.Executable }, Racy: true));
            context.LookAgain(work.Path);
        }
        else
        {
            context.LookAgain(work);
        }
    }

    /// <summary>The file that is recorded, with this mtime where it can be set; null when another stands there. What takes its name after the look is left alone.</summary>
    private DiskStat? WithTime(RelativePath path, long mtimeNs, MaterializedRecord record)
    {
        var disk = context.Parts.Disk;
        using var file = OpenIfThere(disk, path);
        if (file?.Stat().LooksLike(record) != true) return null;
        if (!file.TrySetAttributes(mtimeNs, mode: null)) disk.TrySetAttributes(path, mtimeNs, mode: null);
        return file.Stat();
    }

    private static IDiskFile? OpenIfThere(IDisk disk, RelativePath path)
    {
        try
        {
            return disk.OpenRead(path);
        }
        catch (DiskException e) when (e.Fault is DiskFault.NotFound or DiskFault.WrongKind or DiskFault.SymlinkOnTheWay)
        {
            return null;
        }
    }

    private async ValueTask CreateAsync(PathWork work, DesiredVersion main, CancellationToken cancel)
    {
        if (main.Value.Kind == EntryKind.Directory)
        {
            directories.Create(work, main.Value, main.Dots);
            return;
        }
        if (!directories.WillHaveParent(work.Path))
        {
            context.LookAgain(work);
            return;
        }
        if (context.HoldBackIfClosed(work, work.Path)) return;
        if (main.Value.Kind == EntryKind.File && TryMove(work, main)) return;
        if (context.Batch.Together.Takes(main.Value))
        {
            var place = context.Batch.Together.NewPlace();
            var step = context.Batch.Journal(work, new ApplyIntent(0, IntentKind.Create, work.Path, place, main.Dots, main.Value, null, null, null), null);
            await context.Batch.Together.AddAsync(step, cancel);
            return;
        }
        var (stage, stat) = await context.Batch.Stager.StageAsync(work.Path, main.Value, null, cancel);
        context.Batch.Journal(work, new ApplyIntent(0, IntentKind.Create, work.Path, stage, main.Dots, main.Value, null, stat.ToSignature(), null), null);
    }

    /// <summary>A file with this content that is about to be removed elsewhere in the folder is moved, not copied, if it has the permission bits that this one has to have, or can have none.</summary>
    private bool TryMove(PathWork work, DesiredVersion main)
    {
        if (main.Value.Size == 0) return false;
        foreach (var source in _state.Records.WithContent(main.Value.Content, MoveCandidates))
        {
            if (source.Value.Size != main.Value.Size || _claimed.Contains(source.Path)) continue;
            if (!_state.Pending.Contains(source.Path) || context.IsPutOff(source.Path) || context.DesiredAt(source.Path, source).Kind != MainKind.Nothing) continue;
            if (BesidePlan.IsDecided(source.Path, context)) continue;
            if (context.StatOrNull(source.Path) is not { } stat || !stat.LooksLike(source) || (stat.HoldsBits && (stat.Mode & PermissionBits) != main.Value.DiskMode) || context.IsIgnored(source.Path)) continue;
            _claimed.Add(source.Path);
            var stage = context.Batch.Staging.NewPlace();
            var sourceWork = new PathWork(source.Path);
            var away = context.Batch.Journal(sourceWork, Removal(source, stage), source);
            away.StageIsReused = true;
            context.Batch.Add(sourceWork);
            // What stands beside the source has its own turn.
            context.Batch.Revisit(source.Path);
            var staged = source.Signature with { MtimeNs = main.Value.MtimeNs };
            context.Batch.Journal(work, new ApplyIntent(0, IntentKind.Create, work.Path, stage, main.Dots, main.Value, null, staged, null), null, away);
            return true;
        }
        return false;
    }

    private async ValueTask ReplaceAsync(PathWork work, DesiredVersion main, MaterializedRecord record, CancellationToken cancel)
    {
        if (context.HoldBackIfClosed(work, work.Path)) return;
        var (stage, stat) = await context.Batch.Stager.StageAsync(work.Path, main.Value, record, cancel);
        context.Batch.Journal(work, new ApplyIntent(0, IntentKind.Replace, work.Path, stage, main.Dots, main.Value, record.Signature, stat.ToSignature(), null), record);
        if (main.Value.Kind == EntryKind.Directory && !main.Dots.IsEmpty) directories.RestoreTimeLater(work.Path, main.Value.MtimeNs);
    }
}
