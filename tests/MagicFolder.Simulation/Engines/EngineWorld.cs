using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Grids;
using MagicFolder.Simulation.Keys;
using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Runs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Capabilities;
using Petnames = MagicFolder.Simulation.Runs.Petnames;

namespace MagicFolder.Simulation.Engines;

/// <summary>
/// The product's own engine on simulated disks and a simulated grid. State databases are SQLite in memory: what was committed outlives a process, what was not is
/// rolled back, as with <c>synchronous=FULL</c> on a disk.
/// </summary>
internal sealed partial class EngineWorld : ICopyableWorld
{
    private static readonly Lazy<byte[]> NewState = new(MakeNewState);

    private readonly SimulationOptions _options;
    private readonly SeededRandom _random;
    private readonly SimulatedStorage _storage;
    private readonly FolderId _folder;
    private readonly Dictionary<int, ParticipantDatabase> _states = [];
    private bool _isQuiet;

    static EngineWorld() => SqliteSettings.Apply();

    /// <summary>What all grids store.</summary>
    public SimulatedStorage Storage => _storage;

    public EngineWorld(SimulationOptions options, SeededRandom random)
    {
        _options = options;
        _random = random;
        _storage = new SimulatedStorage();
        _commits = new long[options.Participants];
        var id = new byte[FolderId.Length];
        random.Fill(id);
        _folder = FolderId.FromBytes(id);
        Found(options.Participants);
        if (options.Retained is { } newest) _retention = RetentionOf(newest);
        else if (options.Collect > 0) _retention = RetentionOf(random.Chance(0.25) ? HistoryRetention.Newest : 1 + random.Below(5));
    }

    public ISimulatedEngine Start(SimulatedComputer computer, SimulatedProcess process)
    {
        ForgetRound(computer);
        var disk = computer.OpenDisk(process);
        var state = StateOf(computer);
        state.Abandon();
        state.AskBeforeCommits(() => process.MayCommit() && CommitBegins(computer));
        var engine = ParticipantEngine.OpenAsync(
            new EngineParts
            {
                Folder = _folder,
                Petname = computer.Petname,
                Personal = FixedKeys.Personal(computer.Index),
                Collective = FixedKeys.Collective.ToWriteCap().ToReadCap(),
                Disk = disk,
                State = state,
                Grid = GridFor(computer, process),
                Time = computer.Time,
                Random = computer.Random,
                Options = Options() with { CaptureBatchCount = 1 + _random.Below(6), CaptureBatchMoved = 1 + _random.Below(6), ApplyBatchCount = 1 + _random.Below(6) },
            },
            CancellationToken.None).GetAwaiter().GetResult();
        return new Engine(this, computer, process, engine, state);
    }

    public void LoseState(SimulatedComputer computer)
    {
        if (_states.Remove(computer.Index, out var lost)) StateConnections.Close(lost);
        _images.Remove(computer.Index);
    }

    public void BeginTurn()
    {
        _storage.ShownUpTo = null;
        if (!_random.Chance(_options.StorageOutage)) return;
        bool canRollBack = _options.Faults.HasFlag(Faults.Stale), canBeEmpty = _options.Faults.HasFlag(Faults.Loss);
        _storage.ShownUpTo = canRollBack && (!canBeEmpty || _random.Chance(0.7)) ? _random.Below((int)_storage.Moment) : 0;
    }

    public void Quieten()
    {
        _isQuiet = true;
        _storage.ShownUpTo = null;
    }

    public Func<string, IReadOnlyCollection<FormerValue>>? HistoryOf(SimulatedComputer computer)
    {
        if (_retention is not null) return null;
        var grid = Undisturbed();
        var history = Now(HistoryReader.OpenAsync(FolderView.Over(Configuration(), Local(computer), _states[computer.Index]), grid, default));
        var log = Now(history.ReadLogAsync(default));
        _log = log;
        return path => [.. Now(history.ReadPathAsync(log, RelativePath.Parse(path), default)).Select(version => version.Value).OfType<EntryValue>().Select(Told)];
    }

    public void Dispose()
    {
        foreach (var state in _states.Values) StateConnections.Close(state);
    }

    private void Found(int participants)
    {
        var grid = Undisturbed();
        var gear = new byte[ChunkingKey.Length];
        _random.Fill(gear);
        var collective = new Collective(_folder, "folder", new ChunkingKey(gear), Collective.DefaultPackSize, []);
        var members = Enumerable.Range(0, participants).Select(i => new Participant(
            Petnames.Of(i), ParticipantRole.ReadWrite, FixedKeys.Personal(i).ToWriteCap().ToReadCap(), [.. FixedKeys.Personal(i).PublicKey.Span], isRemoved: false));
        grid.CreateMutableAsync(FixedKeys.Collective, collective.With([.. members]).Encode(), default).GetAwaiter().GetResult();
        for (int i = 0; i < participants; i++) grid.CreateMutableAsync(FixedKeys.Personal(i), ReadOnlyMemory<byte>.Empty, default).GetAwaiter().GetResult();
    }

    private EngineOptions Options() => new()
    {
        Background = false,
        ConfirmDeletions = true,
        PublishEarly = TimeSpan.Zero,
        Retention = _retention ?? RetentionRule.Default,
    };

    private FolderConfiguration Configuration() => new(_folder, "folder", "", [], CollectiveAccess.OfAdmin(FixedKeys.Collective.ToWriteCap()), []);

    private static LocalParticipant Local(SimulatedComputer computer) => new(computer.Petname, "", [.. FixedKeys.Personal(computer.Index).PrivateKey.Span]);

    /// <summary>Nobody's, without trouble.</summary>
    private SimulatedGrid Undisturbed() => new(_storage, -1, new SimulatedTime(), _ => { }, GridChances.None, (_, _) => { }, (_, _) => { });

    private static T Now<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static FormerValue Told(EntryValue value) => value.Kind switch
    {
        EntryKind.File => FormerValue.OfFile(value.IsExecutable, Convert.ToHexString(value.Content.ToArray())),
        EntryKind.Symlink => new FormerValue('L', value.LinkTarget!),
        _ => new FormerValue('D', ""),
    };

    private static byte[] MakeNewState()
    {
        using var state = ParticipantDatabase.OpenImage(default);
        return state.ToImage();
    }

    /// <summary>
    /// The database outlives the processes that use it, as on a disk, with its connection: opening one takes as long as a round. Now and then it is opened anew all the same,
    /// so that what a connection remembers does not outlive every crash.
    /// </summary>
    private ParticipantDatabase StateOf(SimulatedComputer computer)
    {
        if (!_states.TryGetValue(computer.Index, out var state)) state = StateConnections.Open(_images.GetValueOrDefault(computer.Index) ?? NewState.Value);
        else if (_random.Chance(0.2))
        {
            state.Abandon();
            byte[] image = StateConnections.ImageOf(state);
            StateConnections.Close(state);
            state = ParticipantDatabase.OpenImage(image);
        }
        return _states[computer.Index] = state;
    }

    private SimulatedGrid GridFor(SimulatedComputer computer, SimulatedProcess process) => new(
        _storage,
        computer.Index,
        computer.Time,
        process.Step,
        new GridChances(_options, _random, () => _isQuiet),
        (cap, seqnum) => ForPersonal(cap, writer =>
        {
            computer.Trace($"    {computer.Petname} head {seqnum} of {Petnames.Of(writer)} is on the grid");
            computer.Oracle.HeadWritten(writer, seqnum);
            NotePublished(computer, FixedKeys.Personal(writer).ToWriteCap().ToReadCap());
        }),
        (cap, seqnum) => ForPersonal(cap, writer => computer.Oracle.HeadRead(computer.Index, writer, seqnum)));

    /// <summary>No failure: this disk cannot have both.</summary>
    private static bool IsTwin(Problem problem) => problem.Reason.Contains("another spelling", StringComparison.Ordinal);

    /// <summary>A content, or a part of a snapshot that was sealed before that was freed.</summary>
    private static bool LacksWhatIsFreed(Problem problem) => problem.Reason.Contains("cannot be read from any of its", StringComparison.Ordinal);

    private void ForPersonal(MutableReadCap cap, Action<int> action)
    {
        for (int i = 0; i < _options.Participants; i++)
            if (FixedKeys.Personal(i).Fingerprint.Equals(cap.Fingerprint)) action(i);
    }

    private sealed class Engine(EngineWorld world, SimulatedComputer computer, SimulatedProcess process, ParticipantEngine engine, ParticipantDatabase state) : ISimulatedEngine
    {
        private readonly HashSet<RelativePath> _lookAgain = [];
        private long _lastActivity = state.Activity.Newest(1).FirstOrDefault()?.Id ?? 0;
        private bool _isFirst = true;

        public RoundOutcome RunRound() => world.JudgePublished(computer, Round());

        private RoundOutcome Round()
        {
            // A watching participant looks at what it was told of; what it was not told of, a later full scan finds.
            bool everything = _isFirst || world._isQuiet || world._random.Chance(world._options.FullScan);
            _isFirst = false;
            var hints = computer.Hints.Order().Where(_ => !world._random.Chance(world._options.LostHint)).ToList();
            computer.Hints.Clear();
            var scope = everything ? ScanScope.Everything : ScanScope.Of(hints.Concat(_lookAgain));
            var report = engine.RunRoundAsync(scope, CancellationToken.None).GetAwaiter().GetResult();
            foreach (var path in scope.Paths) _lookAgain.Remove(path);
            if (everything) _lookAgain.Clear();
            _lookAgain.UnionWith(report.LookAgain);
            foreach (var row in state.Activity.Newest(100).Where(row => row.Id > _lastActivity).Reverse())
            {
                computer.Trace($"    {computer.Petname} says {row.Path?.ToString() ?? "."}: {row.Kind}: {row.Text}");
                _lastActivity = row.Id;
            }
            if (_lookAgain.Count > 0) computer.Trace($"    {computer.Petname} looks again at {string.Join(", ", _lookAgain)}");
            var problems = state.Problems.All();
            foreach (var problem in problems) computer.Trace($"    {computer.Petname} problem {problem}");
            return new RoundOutcome(
                report.DidSomething || _lookAgain.Count > 0,
                everything && problems.All(IsTwin),
                _lookAgain.Select(path => path.ToString()).ToHashSet(StringComparer.Ordinal),
                everything && world._retention is not null && problems.All(problem => IsTwin(problem) || LacksWhatIsFreed(problem)));
        }

        public RoundOutcome Collect()
        {
            _isFirst = true;
            return world.JudgePublished(computer, world.Collect(computer, process, engine, state));
        }

        public void Dispose() => engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Failures that the product reports, and after which it opens the participant anew.</summary>
    public static bool IsReported(Exception e) =>
        e is GridException or DiskException or FolderUnavailableException or DamagedBytesException or StateStorageException;
}
