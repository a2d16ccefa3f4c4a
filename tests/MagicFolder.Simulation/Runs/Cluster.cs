using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Disks;
using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Users;

namespace MagicFolder.Simulation.Runs;

/// <summary>
/// The computers of one run, with their users and engines, the grid between them and the oracle above. What happens on them, and when, is for others to decide: a
/// schedule of chance, a script, or an enumeration of crashes. Everything happens on the caller's thread.
/// </summary>
internal sealed partial class Cluster : IDisposable
{
    private const long Hour = 3_600_000_000_000;

    private readonly List<SimulatedComputer> _computers = [];
    private readonly ISimulatedWorld _world;
    private readonly (ISimulatedEngine Engine, SimulatedProcess Process)?[] _running;
    private readonly bool[] _inRound;
    private readonly SeededRandom _random;
    private readonly bool _hasTwins;

    /// <param name="options">How many computers, and whether their disks forget.</param>
    /// <param name="chance">Gives every part a stream of its own, at each call.</param>
    /// <param name="trace">Where everything is told.</param>
    /// <param name="world">The engines.</param>
    public Cluster(SimulationOptions options, Func<SeededRandom> chance, Trace trace, Func<SeededRandom, ISimulatedWorld> world)
    {
        Trace = trace;
        Time = new SimulatedTime();
        _random = chance();
        _world = world(chance());
        _hasTwins = options.Faults.HasFlag(Faults.Names) && _random.Chance(options.Twins);
        var folders = Enumerable.Range(0, options.Participants).Select(_ => NewFileSystem(options).NewTree()).ToList();
        Oracle = new Oracle(folders, trace.Add);
        var contents = new Contents(chance(), options.Habits.CommonContents);
        for (int i = 0; i < options.Participants; i++)
        {
            _computers.Add(new SimulatedComputer
            {
                Index = i,
                Folder = folders[i],
                Oracle = Oracle,
                Time = Time,
                Random = chance(),
                Trace = trace.Add,
                User = new User(i, folders[i], Oracle, chance(), contents, options.Habits with { Twins = options.Habits.Twins && _hasTwins }, Time.Advance),
            });
            var hints = _computers[i].Hints;
            folders[i].FileSystem.OnChange = path => hints.Add(path);
        }
        _running = new (ISimulatedEngine, SimulatedProcess)?[options.Participants];
        _inRound = new bool[options.Participants];
    }

    public IReadOnlyList<SimulatedComputer> Computers => _computers;

    public Oracle Oracle { get; }

    public SimulatedTime Time { get; }

    public Trace Trace { get; }

    /// <summary>Before every call of an engine to its disk or the grid. May do anything, let the process die, or throw what the call is to throw.</summary>
    public Action<SimulatedComputer, SimulatedProcess, string> OnStep { get; set; } = (_, _, _) => { };

    /// <summary>Does the process die instead of this commit?</summary>
    public Func<SimulatedComputer, bool> DiesAtCommit { get; set; } = _ => false;

    /// <summary>Was this death one of the whole computer?</summary>
    public Func<SimulatedComputer, bool> IsPowerLoss { get; set; } = _ => false;

    /// <summary>A power loss takes everything that was not flushed, not only some of it.</summary>
    public bool LosesAll { get; set; }

    public RoundOutcome RunRound(SimulatedComputer computer) => Run(computer, "round", engine => engine.RunRound());

    /// <summary>A computer frees what no retained snapshot refers to, which includes rounds of its own. As in the product, an engine is opened for that alone.</summary>
    public void Collect(SimulatedComputer computer)
    {
        if (_inRound[computer.Index]) return;
        Kill(computer.Index);
        Run(computer, "collection", engine => engine.Collect());
        Kill(computer.Index);
    }

    private RoundOutcome Run(SimulatedComputer computer, string what, Func<ISimulatedEngine, RoundOutcome> run)
    {
        int index = computer.Index;
        if (_inRound[index]) return default;
        _inRound[index] = true;
        RoundOutcome outcome = default;
        var process = _running[index]?.Process ?? new SimulatedProcess((process, what) => OnStep(computer, process, what), () => DiesAtCommit(computer));
        Trace.Add($"{what} of {computer.Petname}");
        try
        {
            _running[index] ??= (_world.Start(computer, process), process);
            Oracle.RoundBegins(index);
            outcome = run(_running[index]!.Value.Engine);
        }
        catch (Exception e) when (process.IsDead && e is not (OracleViolation or SimulationFailure))
        {
            // Whatever a dead process says last, nobody hears it.
            Trace.Add($"  {computer.Petname} {e.Message}");
            Oracle.Died(index);
            Kill(index);
            if (IsPowerLoss(computer)) LosePower(computer);
        }
        catch (Exception e) when (EngineWorld.IsReported(e))
        {
            // As the product does: the participant is opened anew.
            Trace.Add($"  {computer.Petname} reports: {e.Message}");
            Kill(index);
        }
        finally
        {
            _inRound[index] = false;
        }
        Trace.Add($"  {computer.Petname} ends {outcome}");
        Oracle.RoundEnds(index, outcome.Well, outcome.Unsettled);
        return outcome;
    }

    /// <summary>A turn of the schedule begins.</summary>
    public void BeginTurn() => _world.BeginTurn();

    public void LoseState(SimulatedComputer computer)
    {
        Trace.Add($"{computer.Petname} loses its state");
        Kill(computer.Index);
        _world.LoseState(computer);
        Oracle.StateLost(computer.Index);
    }

    /// <summary>What was not flushed on a computer goes, while no engine runs there.</summary>
    public void LosePower(SimulatedComputer computer)
    {
        Trace.Add($"  {computer.Petname} loses what was not flushed");
        computer.User.CloseEverything();
        Oracle.PowerLost(computer.Index, () => computer.Folder.LosePower(LosesAll ? null : _random));
    }

    /// <summary>No more trouble and no users: rounds until nothing changes, within so many of everybody; then the oracle's verdict.</summary>
    /// <exception cref="OracleViolation">A promise was broken.</exception>
    public void Rest(int bound)
    {
        Trace.Add("== quiescence");
        _world.Quieten();
        foreach (var computer in _computers) computer.User.CloseEverything();
        int still = 0;
        for (int i = 0; i < bound && still < 2; i++)
        {
            Time.Advance(Hour);
            still = RunAll(isEarly: i < 2) ? 0 : still + 1;
        }
        if (still < 2) throw new OracleViolation($"convergence: still not at rest after {bound} rounds of everybody");
        Oracle.CheckQuiescence();
        var reader = _random.Pick(_computers);
        Kill(reader.Index);
        if (_world.HistoryOf(reader) is { } history) Oracle.CheckHistory(reader.Index, history);
        if (_world.Missing() is { } missing) throw new OracleViolation($"nothing needed is freed: {missing}");
    }

    public void Dispose()
    {
        for (int i = 0; i < _running.Length; i++) Kill(i);
        _world.Dispose();
    }

    /// <summary>In the first two not everybody has stored again yet what others have freed: then it may be missed.</summary>
    private bool RunAll(bool isEarly)
    {
        bool moved = false;
        foreach (var computer in _computers)
        {
            // Bits that came from elsewhere may have closed a directory again.
            computer.User.MakeEverythingReadable();
            var before = VisibleTree.Read(computer.Folder.Root);
            var outcome = RunRound(computer);
            if (!outcome.Well && !(isEarly && outcome.OnlyLacksContents)) throw new OracleViolation("convergence: a round fails although all faults have ended");
            moved |= outcome.DidSomething || !outcome.Well || !before.SequenceEqual(VisibleTree.Read(computer.Folder.Root));
        }
        return moved;
    }

    private MemoryFileSystem NewFileSystem(SimulationOptions options)
    {
        bool reuseInodes = _random.Chance(0.5), inOrder = _random.Chance(0.5);
        var names = !_hasTwins || _random.Chance(0.3) ? NameOrder.Exact : _random.Chance(0.5) ? NameOrder.FoldsCase : NameOrder.FoldsAll;
        return new MemoryFileSystem(() => Time.NowNs, 4_000_000, reuseInodes, names, options.Faults.HasFlag(Faults.Power) ? new PageCache(inOrder) : null);
    }

    private void Kill(int index)
    {
        if (_running[index] is not { } running) return;
        running.Process.End();
        running.Engine.Dispose();
        _running[index] = null;
    }
}
