using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Paths that are staged, flushed, journalled, swapped and committed together. The order, and why: staged content is flushed before the swap, so that a name never shows
/// half a file; intents are committed before the swap, so that a crash after it is recognized; directories are flushed before the records are committed, so that a record
/// never speaks of a swap that a power loss undid, which would look like a local deletion. What is to stand beside is put there before its place is taken: it may be known to nobody else yet.
/// </summary>
internal sealed class ApplyBatch : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly EngineTools _tools;
    private readonly ParticipantDatabase _state;
    private readonly FolderApplier _applier;
    private readonly StepTaking _taking;
    private readonly List<PathWork> _works = [];
    private readonly List<ApplyStep> _steps = [];
    private readonly List<MaterializedRecord> _records = [];
    private readonly List<ConflictFile> _conflictFiles = [];
    private readonly List<ConflictFile> _dropped = [];
    private readonly List<MaterializedRecord> _directoryRemovals = [];
    private readonly Dictionary<RelativePath, PathWork> _directoryWorks = [];
    private readonly HashSet<RelativePath> _reserved = [];
    private readonly HashSet<RelativePath> _touched = [];
    private readonly List<RelativePath> _lookAgain = [];
    private readonly HashSet<RelativePath> _revisits = [];
    private readonly List<RelativePath> _unused = [];
    private readonly TransferBatch _downloads;
    private readonly Action<RelativePath, Problem> _failed;
    private StateTransaction? _transaction;
    private long _stagedBytes;

    /// <param name="parts">Disk and state.</param>
    /// <param name="tools">Stage what is to be put in place.</param>
    /// <param name="failed">Told of each path with which the disk was the trouble.</param>
    internal ApplyBatch(EngineParts parts, EngineTools tools, Action<RelativePath, Problem> failed)
    {
        (_parts, _tools, _failed) = (parts, tools, failed);
        _state = parts.State;
        _applier = new FolderApplier(parts.Disk);
        _taking = new StepTaking(parts, _applier, _touched, _lookAgain);
        Staging = new StagingArea(parts.Disk, tools.NextStageName);
        _downloads = new TransferBatch(parts.Progress, TransferDirection.Download);
        Stager = new ContentStager(parts, tools, Staging, _downloads);
        Together = new StagingTogether(parts, tools, Staging, _downloads, Stager);
    }

    internal StagingArea Staging { get; }

    internal ContentStager Stager { get; }

    internal StagingTogether Together { get; }

    internal bool IsFull => _works.Count >= _parts.Options.ApplyBatchCount || _stagedBytes >= _parts.Options.ApplyBatchBytes;

    /// <summary>Facts learned while preparing (locations, activity) belong to the transaction that journals the intents.</summary>
    internal void Open() => _transaction ??= _state.Begin();

    internal void Add(PathWork work) => _works.Add(work);

    internal ApplyStep Journal(PathWork work, ApplyIntent intent, MaterializedRecord? former, ApplyStep? after = null, bool isLast = false)
    {
        var step = new ApplyStep { Work = work, Intent = intent, Former = former, After = after, IsLast = isLast };
        work.Add(step);
        _steps.Add(step);
        _stagedBytes += intent.Value?.Size ?? 0;
        return step;
    }

    /// <summary>It cannot be taken after all: its path stays pending.</summary>
    internal void Withdraw(ApplyStep step)
    {
        step.Work.IsHeldBack = true;
        _steps.Remove(step);
    }

    internal void Update(MaterializedRecord record) => _records.Add(record);

    internal void Update(ConflictFile file) => _conflictFiles.Add(file);

    /// <summary>Forgets that this is a conflict file; whatever stands there now is an ordinary one.</summary>
    internal void Drop(ConflictFile file) => _dropped.Add(file);

    /// <summary>This path has more to be done once the batch is, even if all that it has to do now gets done.</summary>
    internal void Revisit(RelativePath path) => _revisits.Add(path);

    internal void Touch(RelativePath path) => _touched.Add(path);

    internal void Reserve(RelativePath name) => _reserved.Add(name);

    /// <summary>Will a step of this batch put a directory there?</summary>
    internal bool MakesDirectory(RelativePath path) =>
        _steps.Exists(step => step.Path == path && step.Intent.Value is { Kind: EntryKind.Directory });

    internal bool IsReserved(RelativePath name) => _reserved.Contains(name);

    internal void RemoveDirectory(PathWork work, MaterializedRecord record)
    {
        _directoryRemovals.Add(record);
        _directoryWorks.Add(record.Path, work);
    }

    /// <summary>Takes all steps. Returns the number of paths that are right now, and those that changed under our hands.</summary>
    internal (int Applied, IReadOnlyList<RelativePath> LookAgain) Execute(CancellationToken cancel)
    {
        if (_transaction is null) return (0, []);
        try
        {
            FlushAndJournal();
        }
        catch (DiskException e)
        {
            return (GiveUp(e), []);
        }
        TakeSteps();
        FlushTouched();
        int applied = Commit();
        RemoveUnused();
        LeftoverCare.LookAfter(_parts, _tools, _lookAgain, cancel);
        var lookAgain = _lookAgain.ToArray();
        Clear();
        return (applied, lookAgain);
    }

    /// <summary>Rolls back what was learned for steps that were never journalled; what they staged is removed when the engine opens again.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Together.DisposeAsync();
        }
        finally
        {
            _transaction?.Dispose();
            _downloads.Dispose();
        }
    }

    private void FlushStaged()
    {
        var staged = new List<RelativePath>();
        foreach (var step in _steps)
            if (step.Intent.Kind != IntentKind.Remove && step.After is null) staged.Add(step.Intent.Stage);
        if (staged.Count == 0) return;
        // The names as well: what is not on the stage after a power loss, recovery takes for put in place. And the directories that were made for it, or it could be put
        // where after a power loss no way leads.
        staged.Add(StagingArea.Directory);
        staged.AddRange(_touched);
        _parts.Disk.Flush(staged);
    }

    /// <summary>The intents are written while the disk flushes, and committed when it has.</summary>
    private void FlushAndJournal()
    {
        var flushing = _parts.Options.ThreadsInUse > 1 ? Task.Run(FlushStaged) : null;
        if (flushing is null) FlushStaged();
        try
        {
            foreach (var step in _steps) step.Intent = _state.Intents.Add(step.Intent);
        }
        finally
        {
            flushing?.GetAwaiter().GetResult();
        }
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
    }

    /// <summary>
    /// Some file systems tell only when they flush that there is no place. Of this batch there is nothing yet but what is staged, and perhaps directories on the way: its paths stay pending, and what was captured here is published all the same.
    /// </summary>
    private int GiveUp(DiskException trouble)
    {
        _transaction?.Dispose();
        _transaction = null;
        foreach (var work in _works.Where(work => !work.IsHeldBack))
        {
            work.IsHeldBack = true;
            _failed(work.Path, trouble.ToProblem());
        }
        _unused.AddRange(_steps.Where(step => step.Intent.Kind != IntentKind.Remove && step.After is null).Select(step => step.Intent.Stage));
        RemoveUnused();
        Clear();
        return 0;
    }

    private void TakeSteps()
    {
        var early = TakeBesideSwaps();
        _taking.TakeAll(_steps.FindAll(step => !step.IsLast && !early.Contains(step)));
        TakeLast();
        // Children come before their directories in a backward sweep, and all of them before any directory goes.
        foreach (var record in _directoryRemovals) RemoveDirectoryNow(record);
    }

    /// <summary>What is to stand beside something that is swapped, all with one flush: a power loss that kept the swap alone would leave the version nowhere, should the state be lost as well.</summary>
    private HashSet<ApplyStep> TakeBesideSwaps()
    {
        var early = _steps.Where(step => step.StandsBeside && step.Work.Steps.Any(other => other.Intent.Kind == IntentKind.Replace)).ToHashSet();
        if (early.Count == 0) return early;
        foreach (var step in _steps)
            if (early.Contains(step)) _taking.TakeInTurn(step);
        _parts.Disk.Flush([StagingArea.Directory, .. early.Where(step => step.IsDone).Select(step => step.Path.Parent).Distinct()]);
        return early;
    }

    /// <summary>What goes from beside since it is in its place now, after one flush for all: a power loss that kept only its going would leave the version nowhere, as above.</summary>
    private void TakeLast()
    {
        var last = _steps.FindAll(step => step.IsLast);
        var placed = last.SelectMany(step => step.Work.Steps).Where(step => step is { IsLast: false, IsDone: true }).Select(step => step.Path.Parent).ToHashSet();
        if (placed.Count > 0) _parts.Disk.Flush([StagingArea.Directory, .. placed]);
        foreach (var step in last) _taking.TakeInTurn(step);
    }

    private void RemoveDirectoryNow(MaterializedRecord record)
    {
        var work = _directoryWorks[record.Path];
        var outcome = _applier.RemoveEmptyDirectory(record.Path);
        _touched.Add(record.Path.Parent);
        if (outcome.Kind == ApplyKind.Done) return;
        if (outcome.Kind == ApplyKind.LocalChange)
        {
            // Something lives in it that the tree does not know (ignored, special, held back, or new): it stays, without a version of its own.
            _directoryWorks.Remove(record.Path);
            work.ChangesNothing = record.Implied;
            if (record.Implied) return;
            _records.Add(record with { Dots = [], Implied = true });
            _lookAgain.Add(record.Path);
            return;
        }
        work.IsHeldBack = true;
        if (outcome.Problem is { } problem) _tools.ApplyProblems.Note(problem.At(record.Path));
    }

    /// <summary>A directory that was removed is made durable by the nearest one that still is there.</summary>
    private void FlushTouched()
    {
        var removed = _directoryRemovals.Where(record => _directoryWorks.TryGetValue(record.Path, out var work) && !work.IsHeldBack)
            .Select(record => record.Path).ToHashSet();
        var touched = new HashSet<RelativePath>();
        foreach (var path in _touched)
        {
            var existing = path;
            for (var up = path; removed.Count > 0 && !up.IsRoot; up = up.Parent)
                if (removed.Contains(up)) existing = up.Parent;
            // A step that failed may have found no directory to put something into. A file is here for its attributes.
            if (_parts.Disk.StatOrNull(existing) is { Kind: DiskKind.Directory or DiskKind.File }) touched.Add(existing);
        }
        _parts.Disk.Flush(touched);
    }

    private int Commit()
    {
        using var transaction = _state.Begin();
        foreach (var record in _records) _state.Records.Put(record);
        foreach (var file in _conflictFiles) _state.ConflictFiles.Put(file);
        foreach (var file in _dropped) _state.ConflictFiles.Remove(file.File);
        // Noted one after the other, with nobody's in between.
        if (_steps.Count > 0) _state.Intents.Remove(_steps[0].Intent.Id, _steps[^1].Intent.Id);
        var commit = new StepCommit(_parts, _tools, _steps, _failed);
        foreach (var step in _steps) commit.Run(step);
        _unused.AddRange(commit.Unused);
        _lookAgain.AddRange(commit.LookAgain);
        foreach (var record in _directoryRemovals)
        {
            if (!_directoryWorks.TryGetValue(record.Path, out var work) || work.IsHeldBack) continue;
            _state.Records.Remove(record.Path);
            _tools.RecheckImpliedParent(record.Path);
        }
        int applied = 0;
        foreach (var work in _works)
        {
            if (!work.IsComplete) continue;
            _state.Pending.Remove(work.Path);
            _tools.ApplyProblems.Forget(work.Path);
            if (work.ChangesNothing) continue;
            applied++;
            _parts.Progress.AddApplied();
        }
        foreach (var path in _revisits) _state.Pending.Add(path);
        transaction.Commit();
        foreach (var step in _steps)
            if (step.IsDone && step.Intent.Kind != IntentKind.Remove) _downloads.Finish(step.Path);
        _downloads.Dispose();
        return applied;
    }

    /// <summary>Only after the commit: to crash recovery, what is gone from the stage while its intent stands was put in place.</summary>
    private void RemoveUnused()
    {
        foreach (var stage in _unused)
        {
            try
            {
                Staging.Remove(stage);
            }
            catch (DiskException e)
            {
                _tools.ApplyProblems.Note(e.ToProblem());
            }
        }
    }

    private void Clear()
    {
        _works.Clear();
        _steps.Clear();
        _records.Clear();
        _conflictFiles.Clear();
        _dropped.Clear();
        _directoryRemovals.Clear();
        _directoryWorks.Clear();
        _reserved.Clear();
        _touched.Clear();
        _lookAgain.Clear();
        _revisits.Clear();
        _unused.Clear();
        _stagedBytes = 0;
    }
}
