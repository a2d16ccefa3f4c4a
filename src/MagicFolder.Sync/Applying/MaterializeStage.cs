using System.Collections.Immutable;
using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Names;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;

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
    private readonly SortedSet<RelativePath> _lookAgain = [];
    private readonly List<(RelativePath Path, long MtimeNs)> _newDirectories = [];
    private readonly HashSet<RelativePath> _claimed = [];
    private Roster _roster = null!;
    private Dmt _tree = null!;
    private ApplyBatch _batch = null!;
    private bool _removalsHeld;
    private bool _gaveWay;

    internal async Task<(int Applied, IReadOnlyCollection<RelativePath> LookAgain)> RunAsync(Roster roster, CancellationToken cancel)
    {
        if (!_state.Pending.Any()) return (0, []);
        _roster = roster;
        _tree = tools.OpenTree();
        _lookAgain.Clear();
        _batch = new ApplyBatch(parts, tools);
        int applied = 0;
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            int before = applied;
            _gaveWay = false;
            applied += await SweepForwardAsync(cancel);
            applied += await SweepBackwardAsync(cancel);
            if ((applied == before && !_gaveWay) || !_state.Pending.Any()) break;
        }
        RestoreDirectoryTimes();
        return (applied, _lookAgain);
    }

    private async Task<int> SweepForwardAsync(CancellationToken cancel)
    {
        int applied = 0;
        RelativePath? after = null;
        while (_state.Pending.Page(after, parts.Options.ApplyBatchCount) is { Count: > 0 } page)
        {
            foreach (var path in page)
            {
                cancel.ThrowIfCancellationRequested();
                await PrepareAsync(path, cancel);
                if (_batch.IsFull) applied += await ExecuteAsync(cancel);
            }
            applied += await ExecuteAsync(cancel);
            after = page[^1];
        }
        return applied;
    }

    private async Task<int> SweepBackwardAsync(CancellationToken cancel)
    {
        var removals = PendingRemovals();
        if (!MayRemove(removals.Count)) return 0;
        int applied = 0;
        for (int i = removals.Count - 1; i >= 0; i--)
        {
            cancel.ThrowIfCancellationRequested();
            PrepareRemoval(removals[i]);
            if (_batch.IsFull) applied += await ExecuteAsync(cancel);
        }
        return applied + await ExecuteAsync(cancel);
    }

    private List<MaterializedRecord> PendingRemovals()
    {
        var removals = new List<MaterializedRecord>();
        RelativePath? after = null;
        while (_state.Pending.Page(after, 4096) is { Count: > 0 } page)
        {
            foreach (var path in page)
                if (_state.Records.Find(path) is { } record && DesiredAt(path, record).Kind == MainKind.Nothing) removals.Add(record);
            after = page[^1];
        }
        return removals;
    }

    private bool MayRemove(long count)
    {
        long total = _state.Records.Count();
        if (!parts.Options.ConfirmDeletions && DeletionGuard.Holds(count, total))
        {
            _state.Guard.Write(new HeldDeletions(GuardOrigins.Remote, count, total, tools.NowMs()));
            tools.NoteApplyProblem(GuardOrigins.Describe(GuardOrigins.Remote, count, total));
            _removalsHeld = true;
            return false;
        }
        if (_removalsHeld || _state.Guard.Read() is { Origin: GuardOrigins.Remote })
        {
            _state.Guard.Clear();
            tools.ForgetApplyProblem(RelativePath.Root);
            _removalsHeld = false;
        }
        return true;
    }

    private DesiredState DesiredAt(RelativePath path, MaterializedRecord? record) =>
        DesiredState.Of(_tree.Find(path), _tree.HasDescendants(path), record);

    private async ValueTask PrepareAsync(RelativePath path, CancellationToken cancel)
    {
        _batch.Open();
        var record = _state.Records.Find(path);
        var desired = DesiredAt(path, record);
        var work = new PathWork(path);
        try
        {
            if (await PrepareBesideAsync(work, desired, record, cancel)) await PrepareMainAsync(work, desired, record, cancel);
        }
        catch (DiskException e)
        {
            HoldBack(work, e.ToProblem());
        }
        catch (DamagedBytesException e)
        {
            HoldBack(work, new Problem(path, $"its content cannot be had: {e.Message.TrimEnd('.')}", "check the storage; another participant that has the file can publish it again"));
        }
        catch (GridException e) when (e.IsPermanent)
        {
            HoldBack(work, new Problem(path, $"its content cannot be had: {e.Message.TrimEnd('.')}", "check the storage"));
        }
        _batch.Add(work);
    }

    private async ValueTask PrepareMainAsync(PathWork work, DesiredState desired, MaterializedRecord? record, CancellationToken cancel)
    {
        var action = MainAction.Decide(record, desired);
        if (action == MainActionKind.None) return;
        if (action == MainActionKind.Remove)
        {
            work.IsHeldBack = true;
            return;
        }
        if (action is not (MainActionKind.Adopt or MainActionKind.KeepAsImplied) && NameRules.ToProblem(work.Path, NameRules.Check(work.Path, NameRules.Host)) is { } refused)
        {
            HoldBack(work, refused);
            return;
        }
        if (!LooksAsRecorded(work, record, desired)) return;
        switch (action)
        {
            case MainActionKind.Adopt:
                Adopt(work, desired.Main!, record!);
                break;
            case MainActionKind.KeepAsImplied:
                _batch.Update(record! with { Dots = [], Implied = true });
                break;
            case MainActionKind.CreateImplied:
                CreateDirectory(work, EntryValue.Directory(0, DefaultDirectoryMode), []);
                break;
            case MainActionKind.Create:
                await CreateAsync(work, desired.Main!, cancel);
                break;
            case MainActionKind.Replace:
                await ReplaceAsync(work, desired.Main!, record!, cancel);
                break;
            case MainActionKind.ReplaceByImplied:
                await ReplaceAsync(work, new DesiredVersion(EntryValue.Directory(record!.Value.MtimeNs, DefaultDirectoryMode), []), record, cancel);
                break;
        }
    }

    private const int DefaultDirectoryMode = 0b111_101_101;

    /// <summary>The look before: what is on the disk must be what is recorded, and a record too young to be trusted has to be read again first.</summary>
    private bool LooksAsRecorded(PathWork work, MaterializedRecord? record, DesiredState desired)
    {
        var stat = StatOrNull(work.Path);
        if (record is null)
        {
            if (stat is null) return true;
            if (stat is { Kind: DiskKind.Directory } && desired.Kind == MainKind.ImpliedDirectory)
            {
                _batch.Update(new MaterializedRecord(work.Path, [], EntryValue.Directory(stat.Value.MtimeNs, stat.Value.Mode), stat.Value.ToSignature(), Implied: true));
                return false;
            }
            if (_state.ConflictFiles.Find(work.Path) is { } file)
            {
                GiveWay(work, file);
                return false;
            }
        }
        else if (stat is { } now && now.LooksLike(record))
        {
            return true;
        }
        LookAgain(work);
        return false;
    }

    private void Adopt(PathWork work, DesiredVersion main, MaterializedRecord record)
    {
        var value = main.Value;
        var signature = record.Signature;
        bool racy = false;
        if (value.Kind == EntryKind.File && (value.MtimeNs != record.Value.MtimeNs || value.Mode != record.Value.Mode))
        {
            parts.Disk.SetAttributes(work.Path, value.MtimeNs, value.Mode);
            if (StatOrNull(work.Path) is not { } now || now.Size != value.Size)
            {
                LookAgain(work);
                return;
            }
            // RACE: an edit between the look and the setting of mtime would hide behind the mtime that was just set; the worst is that it is seen one scan later, because a racy record is read again.
            signature = now.ToSignature();
            racy = true;
        }
        _batch.Update(new MaterializedRecord(work.Path, main.Dots, value, signature, Racy: racy));
        if (racy) _lookAgain.Add(work.Path);
    }

    private async ValueTask CreateAsync(PathWork work, DesiredVersion main, CancellationToken cancel)
    {
        if (main.Value.Kind == EntryKind.Directory)
        {
            CreateDirectory(work, main.Value, main.Dots);
            return;
        }
        if (!EnsureParent(work.Path) && !_batch.MakesDirectory(work.Path.Parent))
        {
            LookAgain(work);
            return;
        }
        if (main.Value.Kind == EntryKind.File && TryMove(work, main)) return;
        var (stage, stat) = await _batch.Stager.StageAsync(main.Value, null, cancel);
        _batch.Journal(work, new ApplyIntent(0, IntentKind.Create, work.Path, stage, main.Dots, main.Value, null, stat.ToSignature(), null), null);
    }

    private void CreateDirectory(PathWork work, EntryValue value, ImmutableArray<Dot> dots)
    {
        if (!EnsureParent(work.Path))
        {
            // Something that is no directory is in the way, and may become one in a later pass.
            LookAgain(work);
            return;
        }
        try
        {
            // Writable for the owner while it is being filled; its own bits are set with its mtime at the end.
            parts.Disk.CreateDirectory(work.Path, value.Mode | 0b111_000_000);
        }
        catch (DiskException e) when (e.Fault == DiskFault.Exists)
        {
            LookAgain(work);
            return;
        }
        var stat = parts.Disk.Stat(work.Path) ?? throw new DiskException(DiskFault.NotFound, work.Path, "It vanished while it was made.");
        _batch.Update(new MaterializedRecord(work.Path, dots, value, stat.ToSignature(), Implied: dots.IsEmpty));
        _batch.Touch(work.Path);
        if (!dots.IsEmpty) _newDirectories.Add((work.Path, value.MtimeNs));
    }

    /// <summary>A file with this content that is about to be removed elsewhere in the folder is moved, not copied.</summary>
    private bool TryMove(PathWork work, DesiredVersion main)
    {
        if (main.Value.Size == 0) return false;
        foreach (var source in _state.Records.WithContent(main.Value.Content, 16))
        {
            if (source.Racy || source.Value.Size != main.Value.Size || _claimed.Contains(source.Path)) continue;
            if (!_state.Pending.Contains(source.Path) || DesiredAt(source.Path, source).Kind != MainKind.Nothing) continue;
            if (StatOrNull(source.Path) is not { } stat || !stat.LooksLike(source)) continue;
            _claimed.Add(source.Path);
            var stage = _batch.Staging.NewPlace();
            var away = _batch.Journal(
                new PathWork(source.Path),
                new ApplyIntent(0, IntentKind.Remove, source.Path, stage, [], null, source.Signature, null, null), source);
            away.StageIsReused = true;
            _batch.Add(away.Work);
            var staged = source.Signature with { MtimeNs = main.Value.MtimeNs };
            _batch.Journal(work, new ApplyIntent(0, IntentKind.Create, work.Path, stage, main.Dots, main.Value, null, staged, null), null, away);
            return true;
        }
        return false;
    }

    private async ValueTask ReplaceAsync(PathWork work, DesiredVersion main, MaterializedRecord record, CancellationToken cancel)
    {
        if (record.Value.Kind == EntryKind.Directory && _state.Records.AnyUnder(work.Path))
        {
            // What is in the directory goes first, in the backward sweep.
            work.IsHeldBack = true;
            return;
        }
        var (stage, stat) = await _batch.Stager.StageAsync(main.Value, record, cancel);
        _batch.Journal(work, new ApplyIntent(0, IntentKind.Replace, work.Path, stage, main.Dots, main.Value, record.Signature, stat.ToSignature(), null), record);
        if (main.Value.Kind == EntryKind.Directory && !main.Dots.IsEmpty) _newDirectories.Add((work.Path, main.Value.MtimeNs));
    }

    /// <summary>False when the user removed a conflict file: that decides about its version, and has to be captured first.</summary>
    private async ValueTask<bool> PrepareBesideAsync(PathWork work, DesiredState desired, MaterializedRecord? record, CancellationToken cancel)
    {
        var existing = _state.ConflictFiles.ForMain(work.Path);
        if (existing.Count == 0 && desired.Beside.IsEmpty) return true;
        foreach (var file in existing)
        {
            if (StatOrNull(file.File) is not null) continue;
            LookAgain(work);
            _lookAgain.Add(file.File);
            return false;
        }
        foreach (var file in existing)
        {
            var wanted = desired.Beside.FirstOrDefault(version => version.Value.IsSameVersionAs(file.Value));
            if (wanted is null) ClearConflictFile(work, file);
            else if (!wanted.Dots.AsSpan().SequenceEqual(file.Dots.AsSpan()) && LooksLike(file)) _batch.Update(file with { Dots = wanted.Dots });
        }
        foreach (var version in desired.Beside)
        {
            if (existing.Any(file => file.Value.IsSameVersionAs(version.Value))) continue;
            await PutBesideAsync(work, version, record, cancel);
        }
        return true;
    }

    private async ValueTask PutBesideAsync(PathWork work, DesiredVersion version, MaterializedRecord? record, CancellationToken cancel)
    {
        if (!EnsureParent(work.Path)) return;
        var petname = _roster.PetnameOf(_state.Observations.Find(version.GreatestDot.Actor))
            ?? (version.GreatestDot.Actor == tools.Identity.Actor ? parts.Petname : "unknown");
        var name = ConflictNames.Choose(work.Path, petname, IsTaken);
        if (name.IsReserved) EnsureReservedParent(name);
        var (stage, stat) = await _batch.Stager.StageAsync(version.Value, record, cancel);
        _batch.Reserve(name);
        _batch.Journal(work, new ApplyIntent(0, IntentKind.Create, name, stage, version.Dots, version.Value, null, stat.ToSignature(), work.Path), null);
        _state.Activity.Append(tools.NowMs(), work.Path, ActivityKinds.Conflict, $"{petname} made another version without knowing of this one; it stands beside as {name}");
    }

    private bool IsTaken(RelativePath name) =>
        _batch.IsReserved(name) || StatOrNull(name) is not null || _tree.Find(name) is not null
        || _state.ConflictFiles.Find(name) is not null || _state.Records.Find(name) is not null;

    /// <summary>
    /// The conflict is over for this sibling. A conflict file that still is what was put there goes; one that the user edited becomes an ordinary file.
    /// </summary>
    private void ClearConflictFile(PathWork work, ConflictFile file)
    {
        _state.Activity.Append(tools.NowMs(), work.Path, ActivityKinds.ConflictCleared, $"the version beside it ({file.File}) was settled elsewhere");
        if (!LooksLike(file))
        {
            _batch.Drop(file);
            _lookAgain.Add(file.File);
            return;
        }
        TakeConflictFileAway(work, file);
    }

    private void TakeConflictFileAway(PathWork work, ConflictFile file)
    {
        var former = new MaterializedRecord(file.File, file.Dots, file.Value, file.Signature);
        _batch.Journal(work, new ApplyIntent(0, IntentKind.Remove, file.File, _batch.Staging.NewPlace(), [], null, file.Signature, null, file.Main), former);
    }

    /// <summary>
    /// A path of the tree wants the name that one of our conflict files has: the conflict file is put beside its main once more, under another name. One that the user
    /// edited becomes an ordinary file, and so a sibling of what wants the name.
    /// </summary>
    private void GiveWay(PathWork work, ConflictFile file)
    {
        _state.Pending.Add(file.Main);
        if (LooksLike(file)) TakeConflictFileAway(work, file);
        else _batch.Drop(file);
        _gaveWay = true;
        LookAgain(work);
    }

    private bool LooksLike(ConflictFile file) =>
        StatOrNull(file.File) is { } stat && stat.LooksLike(file.Value, file.Signature);

    private void PrepareRemoval(MaterializedRecord record)
    {
        if (_claimed.Contains(record.Path)) return;
        _batch.Open();
        var work = new PathWork(record.Path);
        try
        {
            if (record.Value.Kind == EntryKind.Directory) _batch.RemoveDirectory(work, record);
            else if (StatOrNull(record.Path) is { } stat && stat.LooksLike(record))
                _batch.Journal(work, new ApplyIntent(0, IntentKind.Remove, record.Path, _batch.Staging.NewPlace(), [], null, record.Signature, null, null), record);
            else LookAgain(work);
        }
        catch (DiskException e)
        {
            HoldBack(work, e.ToProblem());
        }
        _batch.Add(work);
    }

    private async Task<int> ExecuteAsync(CancellationToken cancel)
    {
        var result = await _batch.ExecuteAsync(cancel);
        foreach (var path in result.LookAgain) _lookAgain.Add(path);
        _claimed.Clear();
        return result.Applied;
    }

    /// <summary>Makes the directories on the way where they are missing; they stand only because of what is in them. False when something is in the way.</summary>
    private bool EnsureParent(RelativePath path)
    {
        var parent = path.Parent;
        if (parent.IsRoot || StatOrNull(parent) is { Kind: DiskKind.Directory }) return true;
        if (StatOrNull(parent) is not null) return false;
        if (!EnsureParent(parent)) return false;
        CreateDirectory(new PathWork(parent), EntryValue.Directory(0, DefaultDirectoryMode), []);
        if (_tree.Find(parent) is not null) _state.Pending.Add(parent);
        return StatOrNull(parent) is { Kind: DiskKind.Directory };
    }

    private void EnsureReservedParent(RelativePath path)
    {
        if (StatOrNull(path.Parent) is null) parts.Disk.CreateDirectory(path.Parent, 0b111_000_000);
    }

    private void RestoreDirectoryTimes()
    {
        foreach (var (path, mtimeNs) in _newDirectories)
        {
            try
            {
                if (_state.Records.Find(path) is { Value.Kind: EntryKind.Directory } record) parts.Disk.SetAttributes(path, mtimeNs, record.Value.Mode);
            }
            catch (DiskException)
            {
                // The mtime of a directory is no content; if the directory is gone or refuses, it keeps the one it has.
            }
        }
        _newDirectories.Clear();
    }

    private DiskStat? StatOrNull(RelativePath path) => parts.Disk.StatOrNull(path);

    private void LookAgain(PathWork work)
    {
        work.IsHeldBack = true;
        _lookAgain.Add(work.Path);
    }

    private void HoldBack(PathWork work, Problem problem)
    {
        work.IsHeldBack = true;
        tools.NoteApplyProblem(problem);
    }
}
