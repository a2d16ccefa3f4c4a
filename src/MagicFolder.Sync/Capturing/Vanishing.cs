using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Deciding;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// What a look at the disk missed. It counts last, when it is known what has only moved, and only where nothing speaks against it: rules of what to ignore that may just be changing, too much at once, a file
/// system that is away, or that it is there after all.
/// </summary>
internal sealed class Vanishing(EngineParts parts, EngineTools tools, CaptureBatch batch, VersionRoom room, bool isReadOnly)
{
    private readonly ParticipantDatabase _state = parts.State;
    private readonly List<MaterializedRecord> _records = [];
    private readonly List<ConflictFile> _beside = [];
    private readonly NearestDirectories _nearest = new(parts.Disk);
    private bool _isPartHidden;

    internal List<Problem> Problems { get; } = [];

    internal List<RelativePath> LookAgain { get; } = [];

    /// <summary>Deletions that became versions.</summary>
    internal int Captured { get; private set; }

    /// <summary>Nothing was concluded this time, since the rules may be changing.</summary>
    internal bool HasLeft { get; private set; }

    internal bool AnyRecords => _records.Count > 0;

    private bool IsNothing => _records.Count == 0 && _beside.Count == 0;

    internal void Add(MaterializedRecord record) => _records.Add(record);

    internal void Add(ConflictFile file) => _beside.Add(file);

    /// <summary>Something recorded may be there or not: the look could not tell.</summary>
    internal void NoteHidden() => _isPartHidden = true;

    /// <param name="scope">Where was looked.</param>
    /// <param name="appeared">What came in the same look: it makes what has gone no smaller a part.</param>
    /// <param name="moved">Contents of files that are known to have moved.</param>
    internal void Conclude(ScanScope scope, int appeared, IReadOnlySet<BlobId> moved)
    {
        if (IsNothing ? _isPartHidden : tools.Ignore.MayBeOutdated)
        {
            Leave();
            return;
        }
        long lost = _records.Count;
        var hold = new DeletionHold(_state.Guard, GuardOrigins.Local, tools.LocalDeletions.Holds);
        if (!parts.Options.ConfirmDeletions
            && hold.Judge(_records.Count, () => lost = new Losses(_state.Records, moved).Count(_records), _state.Records.Count() - appeared, tools.NowMs()) is { } held)
        {
            // Nor did anybody decide against a version whose conflict file went with all the rest.
            _state.Guard.Write(held);
            Problems.Add(GuardOrigins.Describe(GuardOrigins.Local, held.Count, held.Of));
            return;
        }
        tools.LocalDeletions.Note(lost);
        // Only who looked everywhere knows that what was held back is there again.
        if (scope.IsEverything && !_isPartHidden && _state.Guard.Find(GuardOrigins.Local) is not null) _state.Guard.Clear(GuardOrigins.Local);
        Record();
    }

    /// <summary>Whoever has just asked to ignore something may have removed it then: what vanished before that was known is looked at again by the new rules. What is held stays held meanwhile.</summary>
    private void Leave()
    {
        HasLeft = !IsNothing;
        LookAgain.AddRange(_records.Select(record => record.Path).Concat(_beside.Select(file => file.File)));
        if (_state.Guard.Find(GuardOrigins.Local) is { } standing) Problems.Add(GuardOrigins.Describe(GuardOrigins.Local, standing.Count, standing.Of));
    }

    private void Record()
    {
        var absences = new Absences(parts, tools.Ignore.Rules);
        foreach (var file in _beside)
        {
            try
            {
                if (absences.FindMountAbove(file.File) is { } away) Problems.Add(away);
                else RecordConflictFileGone(file);
            }
            catch (DiskException e)
            {
                Problems.Add(e.ToProblem());
            }
        }
        foreach (var record in _records)
        {
            // What was decided for a moment ago stands under another dot by now.
            if (absences.IsGone(record, out var problem)) RecordDeletion(_beside.Count == 0 ? record : _state.Records.Find(record.Path)!);
            else if (problem is not null) Problems.Add(problem);
            else LookAgain.Add(record.Path);
        }
    }

    private void RecordDeletion(MaterializedRecord record)
    {
        batch.Open();
        batch.Rely(_nearest.Of(record.Path.Parent));
        _state.Records.Remove(record.Path);
        if (!record.Implied)
        {
            batch.Edit(record.Path, batch.InFront(record), null);
            Captured++;
            parts.Progress.AddCaptured();
            batch.Log(record.Path, ActivityKinds.DeletedHere, "it was deleted here");
        }
        if (batch.EntryOf(record.Path) is not null)
        {
            _state.Pending.Add(record.Path);
            batch.Log(record.Path, ActivityKinds.EditBeatDeletion, "another version was made at the same time as the deletion here; it stays");
        }
        else if (record.Value.Kind == EntryKind.Directory)
        {
            _state.Pending.Add(record.Path);
        }
        tools.RecheckImpliedParent(record.Path);
    }

    /// <summary>Removing a conflict file supersedes exactly its dots, and makes anew what stands in place (<see cref="ConflictDecision"/>).</summary>
    private void RecordConflictFileGone(ConflictFile file)
    {
        batch.Open();
        var entry = batch.EntryOf(file.Main);
        var against = ConflictDecision.Against(entry, file);
        var kept = ConflictDecision.Kept(isReadOnly, file, _state.Records.Find(file.Main));
        if (kept is not null && parts.Disk.StatOrNull(file.Main) is null) kept = null;
        var had = kept is null ? against : against.AddRange(batch.InFront(kept));
        if (kept is not null && !LocalChange.MayTake(entry, had, batch.Dot))
        {
            LookAgain.Add(file.File);
            return;
        }
        if (kept is not null && !room.Has(LocalChange.Apply(entry, had, batch.Dot, kept.Value))) (kept, had) = (null, against);
        batch.Edit(file.Main, had, kept?.Value);
        if (kept is not null) _state.Records.Put(kept with { Dots = [batch.Dot] });
        _state.ConflictFiles.Remove(file.File);
        _state.Pending.Add(file.Main);
        tools.RecheckImpliedParent(file.Main);
        if (!against.IsEmpty) batch.Log(file.Main, ActivityKinds.Resolved, $"the conflict file {file.File} was removed here, and with it its version");
    }
}
