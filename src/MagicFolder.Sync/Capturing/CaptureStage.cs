using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Deciding;
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
    private readonly ParticipantDatabase _state = parts.State;
    private readonly List<Problem> _problems = [];
    private readonly List<RelativePath> _lookAgain = [];
    private readonly List<RelativePath> _unknown = [];
    private readonly MovedFiles _moved = new(parts, tools);
    private readonly VersionRoom _room = new(tools);
    private readonly CaptureBatch _batch = new(parts, tools);
    private readonly TransferBatch _uploads = new(parts.Progress, TransferDirection.Upload);
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
        var vanishing = new Vanishing(parts, tools, _batch, _room, isReadOnly);
        try
        {
            await foreach (var (observation, early) in new CaptureAhead(parts, tools).ReadAsync(observations, NeedsReading, cancel))
            {
                cancel.ThrowIfCancellationRequested();
                await TakeAsync(observation, early, vanishing, cancel);
                if (_batch.Count - _movedInBatch >= parts.Options.CaptureBatchCount || _movedInBatch >= parts.Options.CaptureBatchMoved || _batchBytes >= parts.Options.CaptureBatchBytes)
                {
                    await CommitAsync(cancel);
                    if (!_wouldMislead && !vanishing.AnyRecords && !_moved.Any) await afterCommit(cancel);
                }
            }
            vanishing.Conclude(scope, _appeared, _moved.Contents);
            await CommitAsync(cancel);
            tools.FirstSight.Note(scope, _unknown);
            StoreProblems(scope, [.. _problems, .. vanishing.Problems]);
            return (_captured + vanishing.Captured, [.. _lookAgain, .. vanishing.LookAgain], vanishing.HasLeft);
        }
        finally
        {
            _batch.Dispose();
            _uploads.Dispose();
        }
    }

    private void StoreProblems(ScanScope scope, IReadOnlyList<Problem> problems)
    {
        tools.Changing.Store(scope);
        if (scope.IsEverything)
        {
            _state.Problems.Replace(ProblemSource, problems);
            return;
        }
        foreach (var problem in problems) _state.Problems.Put(ProblemSource, problem);
    }

    private bool NeedsReading(LocalObservation.Differs differs) => tools.Changing.MayBeRead(differs.Seen) && _moved.NeedsReading(differs);

    private async ValueTask TakeAsync(LocalObservation observation, EarlyRead? early, Vanishing vanishing, CancellationToken cancel)
    {
        switch (observation)
        {
            case LocalObservation.Differs differs:
                await TakeDifferenceAsync(differs, early, cancel);
                break;
            case LocalObservation.Vanished vanished:
                vanishing.Add(vanished.Record);
                break;
            case LocalObservation.Hidden:
                vanishing.NoteHidden();
                break;
            case LocalObservation.Implied { Record.Path: var path }:
                RecheckImplied(path);
                break;
            case LocalObservation.ConflictFileVanished { File: var file }:
                vanishing.Add(file);
                break;
            case LocalObservation.ConflictFileIsBack { File: var file }:
                _batch.Open();
                _state.ConflictFiles.Put(file with { WasGone = false });
                break;
            case LocalObservation.Unsettled { Path: var unsettled }:
                _unknown.Add(unsettled);
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
        _batch.Open();
        if (!_batch.HasDescendants(directory)) _state.Pending.Add(directory);
    }

    private async ValueTask TakeDifferenceAsync(LocalObservation.Differs differs, EarlyRead? early, CancellationToken cancel)
    {
        var path = differs.Seen.Path;
        if (early is null && !tools.Changing.MayBeRead(differs.Seen))
        {
            LeaveChanging(path);
            return;
        }
        long begun = parts.Time.GetTimestamp();
        try
        {
            _batch.Open();
            early?.ThrowTrouble();
            var lookedAt = early?.LookedAt ?? tools.Now();
            var moved = differs.Record is null ? _moved.Recognize(differs.Seen, lookedAt.Ns) : null;
            if ((moved ?? await ReadAsync(differs.Seen, differs.Record, early, cancel)) is not var (value, stat))
            {
                _uploads.Abandon(path);
                tools.Changing.Note(path, parts.Time.GetElapsedTime(begun));
                LeaveChanging(path);
                return;
            }
            tools.Changing.Forget(path);
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
            tools.Changing.Forget(path);
            _unknown.Add(path);
            _problems.Add(e.ToProblem());
        }
    }

    private void LeaveChanging(RelativePath path)
    {
        _lookAgain.Add(path);
        _unknown.Add(path);
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
                if (await (early is null ? tools.Capture.ReadAsync(seen.Path, record?.Value, tools.Changing.Has(seen.Path), cancel) : PackAsync(early, cancel)) is not { } content) return null;
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
        _batch.Rely(path);
        _batch.Rely(path.Parent);
        var entry = _batch.EntryOf(path);
        if (record is null && await tools.Versions.FindAsync(path, entry, value, seen.Bit, cancel) is { } known && !StandsBeside(path, known))
        {
            _state.Records.Put(new MaterializedRecord(path, known.Dots, known.Value, seen.Signature, Racy: seen.Racy));
            _state.Pending.Add(path);
            return;
        }
        if (record is null && await tools.Versions.FindBesideAsync(path, _batch.EntryOf, value, seen.Bit, cancel) is var (main, version))
        {
            // Where an edit could hide behind fresh times, nothing but the content will tell.
            _state.ConflictFiles.Put(new ConflictFile(path, main, version.Dots, version.Value, seen.Racy ? DiskSignature.OfBit(seen.Signature.Executable) : seen.Signature));
            _state.Pending.Add(main);
            return;
        }
        var had = record is null ? [] : _batch.InFront(record);
        if (!LocalChange.MayTake(entry, had, _batch.Dot))
        {
            _lookAgain.Add(path);
            return;
        }
        var edited = LocalChange.Apply(entry, had, _batch.Dot, value);
        if (!_room.Has(edited))
        {
            _problems.Add(new Problem(path, "there are too many versions of it at the same time, so the one here is kept on this disk alone", "give the file here another name, or settle the conflict on another computer"));
            return;
        }
        _batch.Edit(path, edited);
        if (record is null) _appeared++;
        if (seen.HasMoved) _movedInBatch++;
        _state.Records.Put(new MaterializedRecord(path, [_batch.Dot], value, seen.Signature, Racy: seen.Racy));
        SeenBeside.NoteCapture(parts, path);
        if (_batch.EntryOf(path)!.Siblings.Length > 1 || _state.ConflictFiles.ForMain(path).Count > 0 || IsInTheWay(path, value))
        {
            _state.Pending.Add(path);
            _wouldMislead = true;
        }
        if (record is not null) _batch.Log(path, ActivityKinds.Captured, $"a change made here became version {_batch.Dot}");
        _captured++;
        parts.Progress.AddCaptured();
    }

    /// <summary>A file where something should live below it is a conflict, even if that something has not come to this disk yet.</summary>
    private bool IsInTheWay(RelativePath path, EntryValue value) => value.Kind != EntryKind.Directory && _batch.HasDescendants(path);

    /// <summary>
    /// Has the version a conflict file here? Then whoever put it under the main's name made a choice, which gets a dot of its own: the conflict file can still go, and its
    /// dots with it.
    /// </summary>
    private bool StandsBeside(RelativePath path, KnownVersion known) =>
        _state.ConflictFiles.ForMain(path).Any(file => file.Dots.Any(known.Dots.Contains));

    private async Task CommitAsync(CancellationToken cancel)
    {
        if (!await _batch.CommitAsync(cancel)) return;
        _uploads.FinishAll();
        _batchBytes = 0;
        _movedInBatch = 0;
    }

    private readonly record struct Observed(DiskSignature Signature, bool Racy, bool HasMoved)
    {
        internal bool? Bit => Signature.Executable;
    }
}
