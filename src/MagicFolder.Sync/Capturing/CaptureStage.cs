using System.Collections.Immutable;
using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Makes versions of what changed on the disk: disk -> LocalChange -> tree. Each batch is one transaction, which commits only after the packs with its
/// content are durable on the grid: a record never promises content that exists nowhere else.
/// </summary>
/// <param name="parts">Disk, state and grid.</param>
/// <param name="tools">Packs what is read.</param>
/// <param name="isReadOnly">Nobody takes what is decided here.</param>
/// <param name="afterCommit">Called between two batches: what was committed may be published.</param>
internal sealed class CaptureStage(EngineParts parts, EngineTools tools, bool isReadOnly, Func<CancellationToken, Task> afterCommit)
{
    private const string ProblemSource = "scan";
    private const string ChangingSource = "changing";
    private readonly ParticipantDatabase _state = parts.State;
    private readonly Dictionary<RelativePath, Entry?> _edits = [];
    private readonly List<MaterializedRecord> _vanished = [];
    private readonly List<ConflictFile> _vanishedBeside = [];
    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _changing = [];
    private readonly List<RelativePath> _lookAgain = [];
    private readonly List<RelativePath> _unknown = [];
    private readonly HashSet<RelativePath> _recorded = [];
    private readonly NearestDirectories _nearest = new(parts.Disk);
    private readonly MovedFiles _moved = new(parts, tools);
    private readonly VersionRoom _room = new(tools);
    private readonly TransferBatch _uploads = new(parts.Progress, TransferDirection.Upload);
    private StateTransaction? _transaction;
    private Dmt _tree = null!;
    private Dot _dot;
    private long _batchBytes;
    private int _movedInBatch;
    private int _captured;
    private int _appeared;

    /// <summary>What goes counts only at the end of the round: until then something may stand beside what has taken its place.</summary>
    private bool _wouldMislead;

    /// <param name="observations">Ascending by path; consumed while the state database is being written.</param>
    /// <param name="scope">Where the scan looked. The problems of a look at everything replace the former ones.</param>
    internal async Task<(int Captured, IReadOnlyList<RelativePath> LookAgain, bool HasLeftVanished)> RunAsync(
        IEnumerable<LocalObservation> observations, ScanScope scope, CancellationToken cancel)
    {
        try
        {
            await foreach (var (observation, early) in new CaptureAhead(parts, tools).ReadAsync(observations, _moved.NeedsReading, cancel))
            {
                cancel.ThrowIfCancellationRequested();
                await TakeAsync(observation, early, cancel);
                if (_edits.Count - _movedInBatch >= parts.Options.CaptureBatchCount || _movedInBatch >= parts.Options.CaptureBatchMoved || _batchBytes >= parts.Options.CaptureBatchBytes)
                {
                    await CommitAsync(cancel);
                    if (!_wouldMislead && _vanished.Count == 0 && !_moved.Any) await afterCommit(cancel);
                }
            }
            bool hasLeftVanished = LeaveVanishedIfRulesChange();
            HoldVanishedIfTooMany(scope);
            RecordWhatIsGone();
            await CommitAsync(cancel);
            tools.FirstSight.Note(scope, _unknown);
            StoreProblems(scope);
            return (_captured, _lookAgain, hasLeftVanished);
        }
        finally
        {
            _transaction?.Dispose();
            _uploads.Dispose();
        }
    }

    private void StoreProblems(ScanScope scope)
    {
        if (scope.IsEverything)
        {
            _state.Problems.Replace(ProblemSource, _problems);
            _state.Problems.Replace(ChangingSource, _changing);
            return;
        }
        foreach (var problem in _problems) _state.Problems.Put(ProblemSource, problem);
        // What changed at the last look was looked at again now.
        if (_state.Problems.All().Count > 0) foreach (var path in scope.Paths) _state.Problems.Remove(ChangingSource, path.ToString());
        foreach (var problem in _changing) _state.Problems.Put(ChangingSource, problem);
    }

    private async ValueTask TakeAsync(LocalObservation observation, EarlyRead? early, CancellationToken cancel)
    {
        switch (observation)
        {
            case LocalObservation.Differs differs:
                await TakeDifferenceAsync(differs, early, cancel);
                break;
            case LocalObservation.Vanished vanished:
                _vanished.Add(vanished.Record);
                break;
            case LocalObservation.Implied { Record.Path: var path }:
                RecheckImplied(path);
                break;
            case LocalObservation.ConflictFileVanished { File: var file }:
                _vanishedBeside.Add(file);
                break;
            case LocalObservation.Unknown unknown:
                if (unknown.Path is { } hidden) _unknown.Add(hidden);
                _problems.Add(unknown.Problem);
                break;
        }
    }

    /// <summary>What the directory stands for may have gone, even without ever having been on this disk: then it goes, or what else has its name takes the place.</summary>
    private void RecheckImplied(RelativePath directory)
    {
        Open();
        if (!_tree.HasDescendants(directory)) _state.Pending.Add(directory);
    }

    /// <summary>Removing a conflict file supersedes exactly its dots, and makes anew what stands in place (<see cref="ConflictDecision"/>).</summary>
    private void RecordConflictFileGone(ConflictFile file)
    {
        Open();
        var entry = EntryOf(file.Main);
        var against = ConflictDecision.Against(entry, file);
        var kept = ConflictDecision.Kept(parts, isReadOnly, file);
        var had = kept is null ? against : against.AddRange(InFront(kept));
        if (kept is not null && !ConflictDecision.HasNumber(entry, had, _dot))
        {
            _lookAgain.Add(file.File);
            return;
        }
        if (kept is not null && !_room.Has(LocalChange.Apply(entry, had, _dot, kept.Value))) (kept, had) = (null, against);
        Edit(file.Main, had, kept?.Value);
        if (kept is not null) _state.Records.Put(kept with { Dots = [_dot] });
        _state.ConflictFiles.Remove(file.File);
        _state.Pending.Add(file.Main);
        tools.RecheckImpliedParent(file.Main);
        if (!against.IsEmpty) Log(file.Main, ActivityKinds.Resolved, $"the conflict file {file.File} was removed here, and with it its version");
    }

    private async ValueTask TakeDifferenceAsync(LocalObservation.Differs differs, EarlyRead? early, CancellationToken cancel)
    {
        var path = differs.Seen.Path;
        try
        {
            Open();
            early?.ThrowTrouble();
            var lookedAt = early?.LookedAt ?? tools.Now();
            var moved = differs.Record is null ? _moved.Recognize(differs.Seen, lookedAt.Ns) : null;
            if ((moved ?? await ReadAsync(differs.Seen, differs.Record, early, cancel)) is not var (value, stat))
            {
                _uploads.Abandon(path);
                _lookAgain.Add(path);
                _unknown.Add(path);
                _changing.Add(new Problem(path, "it changed while it was read, so it is not stored as it is now", "it is read again at the next look"));
                return;
            }
            bool racy = value.Kind != EntryKind.Directory && tools.Settling.IsRacy(path, stat, lookedAt);
            if (racy) _lookAgain.Add(path);
            await RecordAsync(path, differs.Record, value, new Observed(stat.ToSignature(), racy, moved is not null), cancel);
        }
        catch (DiskException e) when (e.Fault == DiskFault.NotFound)
        {
            _uploads.Abandon(path);
            _lookAgain.Add(path);
        }
        catch (DiskException e)
        {
            _uploads.Abandon(path);
            _unknown.Add(path);
            _problems.Add(e.ToProblem());
        }
    }

    private async ValueTask<(EntryValue Value, DiskStat Stat)?> ReadAsync(ScanItem.Seen seen, MaterializedRecord? record, EarlyRead? early, CancellationToken cancel)
    {
        switch (seen.Stat.Kind)
        {
            case DiskKind.Directory:
                return (CapturedValue.OfDirectory(seen.Stat, record), seen.Stat);
            case DiskKind.Symlink:
                return LookAtLink(seen);
            default:
                _uploads.Begin(seen.Path);
                if (await (early is null ? tools.Capture.ReadAsync(seen.Path, record?.Value, cancel) : PackAsync(early, cancel)) is not { } content) return null;
                _batchBytes += content.Size;
                return (CapturedValue.OfFile(content, record, _state.Records), content.Stat);
        }
    }

    /// <summary>As it is now: the walk may have come by some time ago, and what changed in the same tick of the clock would not be told from what was there.</summary>
    private (EntryValue Value, DiskStat Stat)? LookAtLink(ScanItem.Seen seen)
    {
        if (parts.Disk.Stat(seen.Path) is not { Kind: DiskKind.Symlink } stat || !parts.Disk.ReadLink(seen.Path).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(seen.LinkTarget!))) return null;
        return (EntryValue.Symlink(seen.LinkTarget!, stat.MtimeNs), stat);
    }

    private async ValueTask<CapturedContent?> PackAsync(EarlyRead early, CancellationToken cancel) =>
        early.Blob is { } blob ? await tools.Capture.PackAsync(blob, early.Stat, cancel) : null;

    private async ValueTask RecordAsync(RelativePath path, MaterializedRecord? record, EntryValue value, Observed seen, CancellationToken cancel)
    {
        if (record is not null && value.IsSameVersionAs(record.Value))
        {
            _state.Records.Put(record with { Signature = seen.Signature, Racy = seen.Racy });
            return;
        }
        _recorded.Add(path);
        _recorded.Add(path.Parent);
        var entry = EntryOf(path);
        if (record is null && await tools.Versions.FindAsync(path, entry, value, seen.Bit, cancel) is { } known && !StandsBeside(path, known))
        {
            _state.Records.Put(new MaterializedRecord(path, known.Dots, known.Value, seen.Signature, Racy: seen.Racy));
            _state.Pending.Add(path);
            return;
        }
        if (record is null && await tools.Versions.FindBesideAsync(path, EntryOf, value, seen.Bit, cancel) is var (main, version))
        {
            // Where an edit could hide behind fresh times, nothing but the content will tell.
            _state.ConflictFiles.Put(new ConflictFile(path, main, version.Dots, version.Value, seen.Racy ? DiskSignature.OfBit(seen.Signature.Executable) : seen.Signature));
            _state.Pending.Add(main);
            return;
        }
        var had = record is null ? [] : InFront(record);
        if (!ConflictDecision.HasNumber(entry, had, _dot))
        {
            _lookAgain.Add(path);
            return;
        }
        var edited = LocalChange.Apply(entry, had, _dot, value);
        if (!_room.Has(edited))
        {
            _problems.Add(new Problem(path, "there are too many versions of it at the same time, so the one here is kept on this disk alone", "give the file here another name, or settle the conflict on another computer"));
            return;
        }
        _edits[path] = edited;
        if (record is null) _appeared++;
        if (seen.HasMoved) _movedInBatch++;
        _state.Records.Put(new MaterializedRecord(path, [_dot], value, seen.Signature, Racy: seen.Racy));
        SeenBeside.NoteCapture(parts, path);
        if (EntryOf(path)!.Siblings.Length > 1 || _state.ConflictFiles.ForMain(path).Count > 0 || IsInTheWay(path, value))
        {
            _state.Pending.Add(path);
            _wouldMislead = true;
        }
        if (record is not null) Log(path, ActivityKinds.Captured, $"a change made here became version {_dot}");
        _captured++;
        parts.Progress.AddCaptured();
    }

    /// <summary>A file where something should live below it is a conflict, even if that something has not come to this disk yet.</summary>
    private bool IsInTheWay(RelativePath path, EntryValue value) => value.Kind != EntryKind.Directory && _tree.HasDescendants(path);

    /// <summary>
    /// Has the version a conflict file here? Then whoever put it under the main's name made a choice, which gets a dot of its own: the conflict file can still go, and its
    /// dots with it.
    /// </summary>
    private bool StandsBeside(RelativePath path, KnownVersion known) =>
        _state.ConflictFiles.ForMain(path).Any(file => file.Dots.Any(known.Dots.Contains));

    private void RecordWhatIsGone()
    {
        var absences = new Absences(parts, tools.Ignore.Rules);
        foreach (var file in _vanishedBeside)
        {
            try
            {
                if (absences.FindMountAbove(file.File) is { } away) _problems.Add(away);
                else RecordConflictFileGone(file);
            }
            catch (DiskException e)
            {
                _problems.Add(e.ToProblem());
            }
        }
        foreach (var record in _vanished)
        {
            // What was decided for a moment ago stands under another dot by now.
            if (absences.IsGone(record, out var problem)) RecordDeletion(_vanishedBeside.Count == 0 ? record : _state.Records.Find(record.Path)!);
            else if (problem is not null) _problems.Add(problem);
            else _lookAgain.Add(record.Path);
        }
    }

    private void RecordDeletion(MaterializedRecord record)
    {
        Open();
        _recorded.Add(_nearest.Of(record.Path.Parent));
        _state.Records.Remove(record.Path);
        if (!record.Implied)
        {
            Edit(record.Path, InFront(record), null);
            _captured++;
            parts.Progress.AddCaptured();
            Log(record.Path, ActivityKinds.DeletedHere, "it was deleted here");
        }
        if (EntryOf(record.Path) is not null)
        {
            _state.Pending.Add(record.Path);
            Log(record.Path, ActivityKinds.EditBeatDeletion, "another version was made at the same time as the deletion here; it stays");
        }
        else if (record.Value.Kind == EntryKind.Directory)
        {
            _state.Pending.Add(record.Path);
        }
        tools.RecheckImpliedParent(record.Path);
    }

    /// <summary>Whoever has just asked to ignore something may have removed it then: what vanished before that was known is looked at again by the new rules.</summary>
    private bool LeaveVanishedIfRulesChange()
    {
        if ((_vanished.Count == 0 && _vanishedBeside.Count == 0) || !tools.Ignore.MayBeOutdated) return false;
        _lookAgain.AddRange(_vanished.Select(record => record.Path).Concat(_vanishedBeside.Select(file => file.File)));
        _vanished.Clear();
        _vanishedBeside.Clear();
        return true;
    }

    private void HoldVanishedIfTooMany(ScanScope scope)
    {
        // What has just come makes what has gone no smaller a part.
        long total = _state.Records.Count() - _appeared;
        long lost = _vanished.Count;
        var hold = new DeletionHold(_state.Guard, GuardOrigins.Local, tools.LocalDeletions.Holds);
        if (!parts.Options.ConfirmDeletions && hold.Judge(_vanished.Count, () => lost = new Losses(_state.Records, _moved.Contents).Count(_vanished), total, tools.NowMs()) is { } held)
        {
            // Nobody decided against a version whose conflict file went with all the rest.
            _vanishedBeside.Clear();
            _vanished.Clear();
            _state.Guard.Write(held);
            _problems.Add(GuardOrigins.Describe(GuardOrigins.Local, held.Count, held.Of));
            return;
        }
        tools.LocalDeletions.Note(lost);
        // Only who looked everywhere knows that what was held back is there again.
        if (scope.IsEverything && _state.Guard.Find(GuardOrigins.Local) is not null) _state.Guard.Clear(GuardOrigins.Local);
    }

    private Entry? EntryOf(RelativePath path) => _edits.TryGetValue(path, out var edited) ? edited : _tree.Find(path);

    private ImmutableArray<Dot> InFront(MaterializedRecord record) => LocalChange.InFront(EntryOf(record.Path), record.Dots, record.Value, _dot.Actor);

    private void Edit(RelativePath path, IReadOnlyCollection<Dot> had, EntryValue? value) =>
        _edits[path] = LocalChange.Apply(EntryOf(path), had, _dot, value);

    private void Log(RelativePath path, string kind, string text) => _state.Activity.Append(tools.NowMs(), path, kind, text);

    private void Open()
    {
        if (_transaction is not null) return;
        _transaction = _state.Begin();
        _tree = tools.OpenTree();
        _dot = new Dot(tools.Identity.Actor, tools.NextSeq());
    }

    private async Task CommitAsync(CancellationToken cancel)
    {
        if (_transaction is null) return;
        await tools.Packs.FlushAsync(cancel);
        // What the user's programs did may still be in memory alone. Were it recorded and then lost with the power, it would look like a deletion, and go everywhere.
        if (_recorded.Count > 0) parts.Disk.Flush(_recorded);
        if (_edits.Count > 0)
        {
            var tree = _tree.With(_edits.OrderBy(edit => edit.Key).Select(edit => new DmtEdit(edit.Key, edit.Value)));
            _state.Versions.Write(_state.Versions.Read()!.Edited(tree.Root));
        }
        _transaction.Commit();
        _transaction.Dispose();
        _transaction = null;
        _uploads.FinishAll();
        _edits.Clear();
        _recorded.Clear();
        _batchBytes = 0;
        _movedInBatch = 0;
    }

    private readonly record struct Observed(DiskSignature Signature, bool Racy, bool HasMoved)
    {
        internal bool? Bit => Signature.Executable;
    }
}
