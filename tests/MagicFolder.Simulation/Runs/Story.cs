using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Disks;
using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Oracles;

namespace MagicFolder.Simulation.Runs;

/// <summary>
/// A run that is told step by step, for what chance has found once and must never come back. Not the numbers of steps but what they are says when something happens, so
/// a story survives changes of the engine. The oracle judges it like any other run.
/// </summary>
internal sealed class Story : IDisposable
{
    private const int Bound = 24;
    private const long Day = 86_400_000_000_000;

    private readonly Cluster _cluster;
    private readonly Trace _trace = new(keep: 2000);
    private (int Who, string Before, Action Event)? _plan;
    private List<string>? _steps;
    private int _times;
    private bool _powerGoes;
    private EngineWorld? _world;

    /// <param name="participants">How many.</param>
    /// <param name="isWatched">Rounds look only where a watcher has told of changes, those of the engine among them.</param>
    /// <param name="powerLoss">What a power loss keeps of what was not flushed is left to this chance; null: nothing.</param>
    /// <param name="retained">So many snapshots stay in the history, and those of a day; null: all.</param>
    public Story(int participants, bool isWatched = false, ulong? powerLoss = null, int? retained = null)
    {
        var random = new SeededRandom(powerLoss ?? 1);
        var options = SimulationOptions.Calm with { Participants = participants, Faults = Faults.Power, FullScan = isWatched ? 0 : 1, LostHint = 0, Retained = retained };
        _cluster = new Cluster(options, random.Split, _trace, stream => _world = new EngineWorld(options, stream))
        {
            OnStep = (computer, process, what) =>
            {
                _cluster!.Time.Advance(20_000);
                _steps?.Add(what);
                if (_plan is not { } plan || plan.Who != computer.Index || !what.StartsWith(plan.Before, StringComparison.Ordinal) || --_times > 0) return;
                _plan = null;
                Process = process;
                plan.Event();
            },
            IsPowerLoss = _ => _powerGoes,
            LosesAll = powerLoss is null,
        };
    }

    private SimulatedProcess? Process { get; set; }

    /// <summary>A user writes a whole file, making the directories on the way.</summary>
    public void Write(int who, string path, string content) => Act(who, tree =>
    {
        var at = RelativePath.Parse(path);
        MakeParents(tree, at);
        using var file = tree.Find(at) is null ? tree.Create(at, 0x1A4) : tree.Open(at, write: true);
        file.Truncate(0);
        file.Write(0, Encoding.UTF8.GetBytes(content));
    });

    /// <summary>Rewrites a file in place and puts its mtime back: only ctime tells.</summary>
    public void WriteKeepingTimes(int who, string path, string content) => Act(who, tree =>
    {
        var at = RelativePath.Parse(path);
        long mtime = tree.Find(at)!.MtimeNs;
        using (var file = tree.Open(at, write: true))
        {
            file.Truncate(0);
            file.Write(0, Encoding.UTF8.GetBytes(content));
        }
        tree.SetAttributes(at, mtime, null);
    });

    public void Append(int who, string path, string more) => Act(who, tree =>
    {
        using var file = tree.Open(RelativePath.Parse(path), write: true);
        file.Write(file.Stat().Size, Encoding.UTF8.GetBytes(more));
    });

    public void Remove(int who, string path) => Act(who, tree => tree.Remove(RelativePath.Parse(path)));

    public void Rename(int who, string path, string to) => Act(who, tree => tree.Rename(RelativePath.Parse(path), RelativePath.Parse(to), RenameKind.NoReplace));

    public void MakeDirectory(int who, string path) => Act(who, tree => tree.CreateDirectory(RelativePath.Parse(path), 0x1ED));

    /// <summary>Puts a symbolic link, in the place of a file or link if there is one.</summary>
    public void Link(int who, string path, string target) => Act(who, tree =>
    {
        var at = RelativePath.Parse(path);
        if (tree.Find(at) is not null) tree.Remove(at);
        tree.CreateSymlink(at, Encoding.UTF8.GetBytes(target));
    });

    /// <summary>Nothing but its time changes.</summary>
    public void Touch(int who, string path) => Act(who, tree => tree.SetAttributes(RelativePath.Parse(path), tree.FileSystem.NowNs, null));

    public void MakeExecutable(int who, string path) => SetMode(who, path, 0x1ED);

    public void SetMode(int who, string path, int mode) => Act(who, tree => tree.SetAttributes(RelativePath.Parse(path), null, mode));

    /// <summary>What is in a directory can be used by who knows its name, but not be listed; or again.</summary>
    public void MakeListable(int who, string path, bool isListable) => Act(who, tree => tree.SetAttributes(RelativePath.Parse(path), null, isListable ? 0x1ED : 0x0C9));

    /// <summary>A program opens a file, writes to it when told to, wherever the file is by then, and closes it.</summary>
    public (Action<string> Write, Action Close) Open(int who, string path)
    {
        var file = _cluster.Computers[who].Folder.Open(RelativePath.Parse(path), write: true);
        return (Write, file.Dispose);

        void Write(string content)
        {
            _cluster.Time.Advance(10_000_000);
            _cluster.Oracle.ActOnOpenFile(who, path, file.Inode, abandoned: false, () =>
            {
                file.Truncate(0);
                file.Write(0, Encoding.UTF8.GetBytes(content));
            });
        }
    }

    /// <summary>What a place shows: <c>F:content</c> and the like, null when nothing is there.</summary>
    public string? Shows(int who, string path) =>
        _cluster.Computers[who].Folder.Find(RelativePath.Parse(path)) is { } inode ? VisibleTree.ValueOf(inode) : null;

    /// <summary>Rounds of everybody in turn, some seconds apart.</summary>
    public void Sync()
    {
        for (int i = 0; i < 3; i++)
            foreach (var computer in _cluster.Computers) Round(computer.Index);
    }

    public void Round(int who)
    {
        _powerGoes = false;
        _cluster.Time.Advance(5_000_000_000);
        _cluster.RunRound(_cluster.Computers[who]);
    }

    /// <summary>A round, and what it did to the disk and the grid.</summary>
    public IReadOnlyList<string> StepsOfRound(int who)
    {
        List<string> steps = _steps = [];
        Round(who);
        _steps = null;
        return steps;
    }

    /// <summary>A round in which something happens before the first step (or a later <paramref name="time"/>) that begins with these words, e.g. <c>Exchange</c> or <c>grid publish</c>.</summary>
    public void Round(int who, string before, Action happens, int time = 1)
    {
        _plan = (who, before, happens);
        _times = time;
        Round(who);
        if (_plan is not null) throw new InvalidOperationException($"No step begins with '{before}'.{Environment.NewLine}{_trace}");
    }

    /// <summary>A round in which, after a step, the disk fails at the next one of each of these, in their order.</summary>
    public void RoundWithFailures(int who, string after, params string[] failing) => Round(who, after, () => FailNext(who, failing));

    private void FailNext(int who, string[] failing) => _plan = failing is [var first, .. var rest]
        ? (who, first, () =>
        {
            FailNext(who, rest);
            throw new DiskException(DiskFault.Io, RelativePath.Root, $"simulated: Io at {first}");
        })
        : null;

    /// <summary>A round in which the process ends before the first such step.</summary>
    public void Kill(int who, string before) => Round(who, before, () => Process!.Die(before));

    /// <summary>A round in which something happens before a step, and the process ends before a later one; what it did to the disk stays.</summary>
    public void Kill(int who, string before, Action happens, string diesBefore) => Round(who, before, happens, diesBefore, () => Process!.Die(diesBefore));

    /// <summary>A round in which something happens before a step, and something else before a later one.</summary>
    public void Round(int who, string before, Action happens, string thenBefore, Action thenHappens) => Round(who, before, happens, 1, thenBefore, thenHappens);

    /// <summary>Likewise, the first of them before a later <paramref name="time"/> of its step.</summary>
    public void Round(int who, string before, Action happens, int time, string thenBefore, Action thenHappens) => Round(
        who, before,
        () =>
        {
            happens();
            _plan = (who, thenBefore, thenHappens);
        },
        time);

    /// <summary>A round in which the power goes before the first such step.</summary>
    public void LosePower(int who, string before) => Round(who, before, () => LosePowerNow(before));

    /// <summary>A round in which the power goes before a step that follows another one.</summary>
    public void LosePower(int who, string after, string before) => Round(who, after, () => { }, before, () => LosePowerNow(before));

    /// <summary>A round in which something happens before a step, the first or a later <paramref name="time"/> of its kind, and the power goes before another one.</summary>
    public void LosePower(int who, string before, Action happens, int time, string goesBefore) => Round(who, before, happens, time, goesBefore, () => LosePowerNow(goesBefore));

    /// <summary>Another file system is mounted on a directory, a new one or that of before.</summary>
    public void Mount(int who, string path) => Exchange(who, path, _mounted);

    /// <summary>The mount point is as it was before.</summary>
    public void Unmount(int who, string path) => Exchange(who, path, _covered);

    private readonly Dictionary<(int, string), MemoryInode> _mounted = [];
    private readonly Dictionary<(int, string), MemoryInode> _covered = [];

    /// <summary>Nothing that a user did to a file: the oracle is not told, and has to find everything mounted again.</summary>
    private void Exchange(int who, string path, Dictionary<(int, string), MemoryInode> shown)
    {
        var covered = _cluster.Computers[who].Folder.Mount(RelativePath.Parse(path), shown.GetValueOrDefault((who, path)));
        (shown == _mounted ? _covered : _mounted)[(who, path)] = covered;
    }

    /// <summary>The state database of a participant is gone.</summary>
    public void LoseState(int who) => _cluster.LoseState(_cluster.Computers[who]);

    /// <summary>What the computer's histories do not refer to any more is freed, as far as it may.</summary>
    public void Collect(int who) => _cluster.Collect(_cluster.Computers[who]);

    /// <summary>Nobody does anything for so many days.</summary>
    public void Wait(int days) => _cluster.Time.Advance(days * Day);

    /// <summary>The numbers of the snapshots that a participant's history has, the newest first.</summary>
    public IReadOnlyList<long> RetainedOf(int who) => _world!.RetainedOf(who);

    /// <summary>How many immutable objects the storage holds.</summary>
    public int StoredObjects => _world!.Storage.Count;

    /// <summary>A moment of the storage, to which it may go back.</summary>
    public long StorageMoment => _world!.Storage.Moment;

    /// <summary>The storage shows what it held then, and takes nothing; with null it is well again.</summary>
    public void RollBack(long? moment) => _world!.Storage.ShownUpTo = moment;

    /// <summary>No more users; everybody comes to rest, and the oracle judges.</summary>
    public void End()
    {
        try
        {
            _cluster.Rest(Bound);
        }
        catch (OracleViolation violation)
        {
            throw new OracleViolation($"{violation.Message}{Environment.NewLine}{_trace}");
        }
    }

    public void Dispose() => _cluster.Dispose();

    private void LosePowerNow(string before)
    {
        _powerGoes = true;
        Process!.Die(before);
    }

    private void Act(int who, Action<MemoryTree> action)
    {
        _cluster.Time.Advance(1_000_000);
        _cluster.Oracle.Act(who, () => action(_cluster.Computers[who].Folder));
    }

    private static void MakeParents(MemoryTree tree, RelativePath path)
    {
        if (path.Parent.IsRoot || tree.Find(path.Parent) is { Kind: DiskKind.Directory }) return;
        MakeParents(tree, path.Parent);
        tree.CreateDirectory(path.Parent, 0x1ED);
    }
}
