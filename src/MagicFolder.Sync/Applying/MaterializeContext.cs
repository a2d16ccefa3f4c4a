using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Planning;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>What the steps of one materializing run share: the tree to be brought to the disk, the batch being filled, and what needs another look.</summary>
internal sealed class MaterializeContext(EngineParts parts, EngineTools tools, Roster roster) : ISituation, IAsyncDisposable
{
    private readonly SortedSet<RelativePath> _lookAgain = [];
    private readonly Spellings _spellings = new(parts.Disk);
    private readonly PlaceCheck _places = new(parts.Disk);
    private ApplyBatch? _batch;
    private Mounts _mounts = new(parts.Disk, parts.State.Records);
    private RelativePath? _lookedAt;
    private DiskStat? _look;
    private readonly HashSet<RelativePath> _made = [];
    private readonly ActorId? _yielding = roster.IsReadOnly(parts.PersonalReadCap) ? tools.Identity.Actor : null;

    internal EngineParts Parts => parts;

    internal EngineTools Tools => tools;

    internal Roster Roster => roster;

    internal Dmt Tree { get; } = tools.OpenTree();

    internal ApplyBatch Batch => _batch ??= new(parts, tools, (path, problem) => NoteFailure(path, problem, isOfContent: false));

    internal IReadOnlyCollection<RelativePath> PathsToLookAtAgain => _lookAgain;

    /// <summary>A conflict file made way for a path: another pass finds more to do.</summary>
    internal bool GaveWay { get; set; }

    internal DesiredState DesiredAt(RelativePath path, MaterializedRecord? record) =>
        DesiredState.Of(Tree.Find(path), Tree.HasDescendants(path), record, _yielding);

    /// <summary>The same of an entry that the tree has.</summary>
    internal DesiredState DesiredOf(DmtItem item, MaterializedRecord? record) => DesiredState.Of(item.Entry, Tree.HasDescendants(item.Path), record, _yielding);

    /// <summary>Where it depends on whether it is a directory, the disk says so, or else the tree.</summary>
    internal bool IsIgnored(RelativePath path)
    {
        var rules = tools.Ignore.Rules;
        bool asFile = rules.Covers(path, isDirectory: false);
        if (asFile == rules.Covers(path, isDirectory: true)) return asFile;
        bool isDirectory = StatOrNull(path) is { } stat
            ? stat.Kind == DiskKind.Directory
            : Tree.HasDescendants(path) || Tree.Find(path)?.Siblings.Any(sibling => sibling.Value.Kind == EntryKind.Directory) == true;
        return isDirectory != asFile;
    }

    public Entry? VersionsAt(RelativePath path) => Tree.Find(path);

    public MaterializedRecord? RecordAt(RelativePath path) => parts.State.Records.Find(path);

    public bool AnyRecordUnder(RelativePath path) => parts.State.Records.AnyUnder(path);

    public ConflictFile? ConflictFileAt(RelativePath file) => parts.State.ConflictFiles.Find(file);

    public IReadOnlyList<ConflictFile> ConflictFilesOf(RelativePath main) => parts.State.ConflictFiles.ForMain(main);

    /// <summary>As it is now.</summary>
    internal DiskStat? StatOrNull(RelativePath path) => parts.Disk.StatOrNull(path);

    /// <summary>One path is planned on one look, and what comes into a directory that this batch made, on none: nothing is in it. What its user puts there meanwhile is in the way of what is put in place, and seen then.</summary>
    DiskStat? ISituation.StatOrNull(RelativePath path)
    {
        if (path != _lookedAt) (_lookedAt, _look) = (path, IsInNewDirectory(path) ? null : StatOrNull(path));
        return _look;
    }

    /// <summary>Until this batch is done there is nothing in this directory but other directories that were made.</summary>
    internal void NoteMade(RelativePath directory) => _made.Add(directory);

    private bool IsInNewDirectory(RelativePath path) => _made.Count > 0 && _made.Contains(path.Parent) && !_made.Contains(path);

    public bool HoldsOnlyWhatStays(RelativePath directory)
    {
        var names = parts.Disk.List(directory);
        return names.Count > 0 && names.All(name => !directory.TryChild(name.Name, out var child, out _) || name.Stat.Kind == DiskKind.Special || tools.Ignore.Rules.Covers(child, name.Stat.Kind == DiskKind.Directory));
    }

    public bool HasTwin(RelativePath path) => _spellings.IsAnother(path, ((ISituation)this).StatOrNull);

    /// <summary>Nothing can be done at a path on a file system that is away, or where it is not settled what a crash left; that is told once for all of them.</summary>
    internal bool HoldBackIfAway(PathWork work)
    {
        if (tools.Unsettled.HoldsBackWhole(work.Path)) return work.IsHeldBack = true;
        if (_mounts.Above(work.Path) is not { } mount) return false;
        work.IsHeldBack = true;
        tools.ApplyProblems.Note(Mounts.ToProblem(mount));
        return true;
    }

    /// <summary>What failed a moment ago would fail again.</summary>
    internal bool HoldBackIfPutOff(PathWork work)
    {
        if (tools.FailedTries.PutOff(work.Path, Tree) is not { } problem) return false;
        HoldBack(work, problem);
        return true;
    }

    /// <summary>Nothing is staged for a place to which it could not be brought.</summary>
    internal bool HoldBackIfClosed(PathWork work, RelativePath place)
    {
        var fault = _places.WhyNot(place);
        if (fault == DiskFault.None) return false;
        HoldBack(work, DiskTrouble.ToProblem(place, fault));
        return true;
    }

    /// <summary>Could nothing be brought to this place, or taken from it?</summary>
    internal bool IsClosed(RelativePath place) => _places.WhyNot(place) != DiskFault.None;

    internal bool IsPutOff(RelativePath path) => tools.Unsettled.HoldsBack(path) || tools.FailedTries.PutOff(path, Tree) is not null;

    /// <summary>What was seen before counts no more.</summary>
    internal void LookAnew() => _lookedAt = null;

    internal void LookAgain(RelativePath path) => _lookAgain.Add(path);

    /// <summary>The disk is not as recorded: a local change, which has to become a version first.</summary>
    internal void LookAgain(PathWork work)
    {
        work.IsHeldBack = true;
        _lookAgain.Add(work.Path);
    }

    internal void HoldBack(PathWork work, Problem problem)
    {
        work.IsHeldBack = true;
        tools.ApplyProblems.Note(problem.At(work.Path));
    }

    /// <summary>It could not be made ready, or taken away.</summary>
    internal void Fail(PathWork work, Exception trouble, Problem problem)
    {
        bool isOfContent = StagingTrouble.IsOfContent(trouble);
        if (isOfContent) tools.Missing.Note(work.Path);
        work.IsHeldBack = true;
        NoteFailure(work.Path, problem, isOfContent);
    }

    internal ValueTask FinishStagingAsync(CancellationToken cancel) => Batch.Together.FinishAsync(
        (step, trouble, problem) =>
        {
            Batch.Withdraw(step);
            Fail(step.Work, trouble, problem);
        },
        cancel);

    internal int ExecuteBatch(CancellationToken cancel)
    {
        var (applied, lookAgain) = Batch.Execute(cancel);
        _made.Clear();
        _spellings.Forget();
        _places.Forget();
        _mounts = new Mounts(parts.Disk, parts.State.Records);
        _lookAgain.UnionWith(lookAgain);
        return applied;
    }

    public ValueTask DisposeAsync() => Batch.DisposeAsync();

    private void NoteFailure(RelativePath path, Problem problem, bool isOfContent)
    {
        tools.ApplyProblems.Note(problem.At(path));
        tools.FailedTries.Note(path, Tree, problem, isOfContent);
    }
}
