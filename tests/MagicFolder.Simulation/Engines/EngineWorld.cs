using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Grids;
using MagicFolder.Simulation.Keys;
using MagicFolder.Simulation.Runs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Scanning;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Simulation.Engines;

/// <summary>
/// The product's own engine on simulated disks and a simulated grid. State databases are SQLite in memory: what was committed outlives a process, what was not is
/// rolled back, as with <c>synchronous=FULL</c> on a disk.
/// </summary>
internal sealed class EngineWorld : ISimulatedWorld
{
    private static long _worlds;

    private readonly long _number = Interlocked.Increment(ref _worlds);
    private readonly SimulationOptions _options;
    private readonly SeededRandom _random;
    private readonly SimulatedStorage _storage = new();
    private readonly FolderId _folder;
    private readonly Dictionary<int, (int Generation, ParticipantDatabase Keep)> _states = [];
    private bool _isQuiet;

    public EngineWorld(SimulationOptions options, SeededRandom random)
    {
        _options = options;
        _random = random;
        var id = new byte[FolderId.Length];
        random.Fill(id);
        _folder = FolderId.FromBytes(id);
        Found(options.Participants);
    }

    public ISimulatedEngine Start(SimulatedComputer computer, SimulatedProcess process)
    {
        var disk = computer.OpenDisk(process);
        var state = ParticipantDatabase.OpenInMemory(StateName(computer));
        state.AskBeforeCommits(process.MayCommit);
        try
        {
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
                    Options = new EngineOptions
                    {
                        Background = false,
                        ConfirmDeletions = true,
                        CaptureBatchCount = 1 + _random.Below(6),
                        ApplyBatchCount = 1 + _random.Below(6),
                    },
                },
                CancellationToken.None).GetAwaiter().GetResult();
            return new Engine(this, computer, engine, state);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    public void LoseState(SimulatedComputer computer)
    {
        if (!_states.Remove(computer.Index, out var lost)) return;
        lost.Keep.Dispose();
        var keep = ParticipantDatabase.OpenInMemory(StateName(computer.Index, lost.Generation + 1));
        _states[computer.Index] = (lost.Generation + 1, keep);
    }

    public void Quieten() => _isQuiet = true;

    public void Dispose()
    {
        foreach (var (_, keep) in _states.Values) keep.Dispose();
    }

    private void Found(int participants)
    {
        var grid = new SimulatedGrid(_storage, _ => { }, () => false, (_, _) => { }, (_, _) => { });
        var gear = new byte[ChunkingKey.Length];
        _random.Fill(gear);
        var collective = new Collective(_folder, "folder", new ChunkingKey(gear), Collective.DefaultPackSize, []);
        var members = Enumerable.Range(0, participants).Select(i => new Participant(
            Petnames.Of(i), ParticipantRole.ReadWrite, FixedKeys.Personal(i).ToWriteCap().ToReadCap(), [.. FixedKeys.Personal(i).PublicKey.Span], isRemoved: false));
        grid.CreateMutableAsync(FixedKeys.Collective, collective.With([.. members]).Encode(), default).GetAwaiter().GetResult();
        for (int i = 0; i < participants; i++) grid.CreateMutableAsync(FixedKeys.Personal(i), ReadOnlyMemory<byte>.Empty, default).GetAwaiter().GetResult();
    }

    private string StateName(SimulatedComputer computer)
    {
        if (_states.TryGetValue(computer.Index, out var known)) return StateName(computer.Index, known.Generation);
        string name = StateName(computer.Index, 0);
        // Held open for the whole run: it is the disk that the database is on.
        _states[computer.Index] = (0, ParticipantDatabase.OpenInMemory(name));
        return name;
    }

    private string StateName(int index, int generation) => $"simulation-{_number}-{index}-{generation}";

    private SimulatedGrid GridFor(SimulatedComputer computer, SimulatedProcess process) => new(
        _storage,
        process.Step,
        () => !_isQuiet && _random.Chance(_options.GridTrouble),
        (cap, seqnum) => ForPersonal(cap, writer =>
        {
            computer.Trace($"    {computer.Petname} head {seqnum} of {Petnames.Of(writer)} is on the grid");
            computer.Oracle.HeadWritten(writer, seqnum);
        }),
        (cap, seqnum) => ForPersonal(cap, writer => computer.Oracle.HeadRead(computer.Index, writer, seqnum)));

    private void ForPersonal(MutableReadCap cap, Action<int> action)
    {
        for (int i = 0; i < _options.Participants; i++)
            if (FixedKeys.Personal(i).Fingerprint.Equals(cap.Fingerprint)) action(i);
    }

    private sealed class Engine(EngineWorld world, SimulatedComputer computer, ParticipantEngine engine, ParticipantDatabase state) : ISimulatedEngine
    {
        private readonly HashSet<RelativePath> _lookAgain = [];
        private long _lastActivity = state.Activity.Newest(1).FirstOrDefault()?.Id ?? 0;
        private bool _isFirst = true;

        public RoundOutcome RunRound()
        {
            // A watching participant looks at what it was told of; what it was not told of, a later full scan finds.
            bool everything = _isFirst || world._isQuiet || world._random.Chance(0.7);
            _isFirst = false;
            var scope = everything ? ScanScope.Everything : ScanScope.Of(_lookAgain);
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
            return new RoundOutcome(report.DidSomething || _lookAgain.Count > 0, everything && problems.Count == 0);
        }

        public void Dispose()
        {
            engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
            state.Dispose();
        }
    }

    /// <summary>Failures that the product reports, and after which it opens the participant anew.</summary>
    public static bool IsReported(Exception e) =>
        e is GridException or DiskException or FolderUnavailableException or DamagedBytesException or StateStorageException;
}
