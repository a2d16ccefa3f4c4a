using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Disks;
using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Users;

namespace MagicFolder.Simulation.Runs;

/// <summary>
/// One run: computers with users and engines, a schedule and all misfortune from one seed, then quiescence and the oracle's verdict. The same seed and
/// options give the same run, step by step. Everything happens on the caller's thread.
/// </summary>
internal sealed class SimulatedRun
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;

    private readonly ulong _seed;
    private readonly SimulationOptions _options;
    private readonly SeededRandom _random;
    private readonly List<SeededRandom> _streams = [];
    private readonly SimulatedTime _time = new();
    private readonly Trace _trace;
    private readonly Oracle _oracle;
    private readonly List<SimulatedComputer> _computers = [];
    private readonly ISimulatedWorld _world;
    private readonly (ISimulatedEngine Engine, SimulatedProcess Process)?[] _running;
    private readonly bool[] _inRound;
    private bool _quiet;

    private SimulatedRun(ulong seed, SimulationOptions options, Func<SeededRandom, ISimulatedWorld> world, Trace trace)
    {
        _seed = seed;
        _options = options;
        _random = NewStream(new SeededRandom(seed));
        _trace = trace;
        _world = world(NewStream(_random.Split()));
        var folders = Enumerable.Range(0, options.Participants).Select(_ => NewFileSystem().NewTree()).ToList();
        _oracle = new Oracle(folders, trace.Add);
        var contents = new Contents(NewStream(_random.Split()));
        for (int i = 0; i < options.Participants; i++)
        {
            _computers.Add(new SimulatedComputer
            {
                Index = i,
                Folder = folders[i],
                Oracle = _oracle,
                Time = _time,
                Random = NewStream(_random.Split()),
                Trace = trace.Add,
                User = new User(i, folders[i], _oracle, NewStream(_random.Split()), contents, options.Habits, _time.Advance),
            });
        }
        _running = new (ISimulatedEngine, SimulatedProcess)?[options.Participants];
        _inRound = new bool[options.Participants];
    }

    /// <summary>The product's engine.</summary>
    /// <exception cref="SimulationFailure">A promise was broken or the engine failed.</exception>
    public static void Run(ulong seed, SimulationOptions options) => Run(seed, options, random => new EngineWorld(options, random));

    /// <exception cref="SimulationFailure">A promise was broken or the engine failed.</exception>
    public static void Run(ulong seed, SimulationOptions options, Func<SeededRandom, ISimulatedWorld> world)
    {
        var trace = new Trace(options.TraceLines);
        SimulatedRun? simulation = null;
        try
        {
            simulation = new SimulatedRun(seed, options, world, trace);
            simulation.Run();
        }
        catch (Exception e)
        {
            string reason = e is OracleViolation ? e.Message : $"the engine failed: {e}";
            throw new SimulationFailure(seed, options, reason, trace.ToString(), e);
        }
        finally
        {
            simulation?.Stop();
        }
    }

    private void Run()
    {
        foreach (int turn in _options.Only ?? [.. Enumerable.Range(0, _options.Turns)])
        {
            BeginTurn(turn);
            _time.Advance(_random.Chance(0.5) ? _random.Below(30) * Millisecond : _random.Below(5) * Second);
            var computer = _random.Pick(_computers);
            if (_random.Chance(_options.LostState)) LoseState(computer);
            else if (_random.Chance(0.5)) RunRound(computer);
            else
                for (int i = _random.Below(4); i >= 0; i--) computer.User.ActOnce();
        }
        Quiesce();
        _oracle.CheckQuiescence();
    }

    private MemoryFileSystem NewFileSystem()
    {
        bool reuseInodes = _random.Chance(0.5), inOrder = _random.Chance(0.5);
        return new MemoryFileSystem(() => _time.NowNs, 4 * Millisecond, reuseInodes, _options.PowerLoss > 0 ? new PageCache(inOrder) : null);
    }

    private SeededRandom NewStream(SeededRandom stream)
    {
        _streams.Add(stream);
        return stream;
    }

    /// <summary>All chance in a turn depends on the seed and its number alone.</summary>
    private void BeginTurn(int turn)
    {
        var turns = new SeededRandom(_seed + ((ulong)(turn + 2) << 40));
        foreach (var stream in _streams) stream.Restart(turns.Next());
    }

    /// <summary>No more faults and users; rounds until nothing changes, within the bound.</summary>
    private void Quiesce()
    {
        _trace.Add("== quiescence");
        BeginTurn(-1);
        _quiet = true;
        _world.Quieten();
        foreach (var computer in _computers)
        {
            computer.User.CloseEverything();
        }
        int still = 0;
        for (int i = 0; i < _options.QuiescenceBound; i++)
        {
            _time.Advance(3600 * Second);
            bool moved = false;
            foreach (var computer in _computers)
            {
                // Bits that came from elsewhere may have closed a directory again.
                computer.User.MakeEverythingReadable();
                var before = VisibleTree.Read(computer.Folder.Root);
                var outcome = RunRound(computer);
                if (!outcome.Well) throw new OracleViolation("convergence: a round fails although all faults have ended");
                moved |= outcome.DidSomething || !before.SequenceEqual(VisibleTree.Read(computer.Folder.Root));
            }
            still = moved ? 0 : still + 1;
            if (still == 2) return;
        }
        throw new OracleViolation($"convergence: still not at rest after {_options.QuiescenceBound} rounds of everybody");
    }

    private RoundOutcome RunRound(SimulatedComputer computer)
    {
        int index = computer.Index;
        if (_inRound[index]) return default;
        _inRound[index] = true;
        RoundOutcome outcome = default;
        var process = _running[index]?.Process ?? NewProcess(computer);
        _trace.Add($"round of {computer.Petname}");
        try
        {
            _running[index] ??= (_world.Start(computer, process), process);
            _oracle.RoundBegins(index);
            outcome = _running[index]!.Value.Engine.RunRound();
        }
        catch (Exception e) when (process.IsDead && e is not (OracleViolation or SimulationFailure))
        {
            // Whatever a dead process says last, nobody hears it.
            _trace.Add($"  {computer.Petname} {e.Message}");
            Kill(index);
            if (_random.Chance(_options.PowerLoss)) LosePower(computer);
        }
        catch (Exception e) when (EngineWorld.IsReported(e))
        {
            // As the product does: the participant is opened anew.
            _trace.Add($"  {computer.Petname} reports: {e.Message}");
            Kill(index);
        }
        finally
        {
            _inRound[index] = false;
        }
        _trace.Add($"  {computer.Petname} ends {outcome}");
        _oracle.RoundEnds(index, outcome.Well);
        return outcome;
    }

    private SimulatedProcess NewProcess(SimulatedComputer computer) => new(
        (process, what) => OnStep(computer, process, what),
        () => !_quiet && _random.Chance(_options.CrashState));

    private void OnStep(SimulatedComputer computer, SimulatedProcess process, string what)
    {
        _time.Advance(_random.Below(50_000) + (_random.Chance(0.01) ? 10 * Millisecond : 0));
        if (_quiet) return;
        bool grid = what.StartsWith("grid ", StringComparison.Ordinal);
        if (_random.Chance(_options.UserInRound))
        {
            _trace.Add($"    (between steps of {computer.Petname}, before {what})");
            computer.User.ActOnce(amidSteps: true, amidSwap: !grid && !what.StartsWith(nameof(IDisk.CreateFile), StringComparison.Ordinal));
        }
        if (_random.Chance(_options.NestedRound)) RunRound(_random.Pick(_computers));
        if (_random.Chance(grid ? _options.CrashGrid : _options.Crash)) process.Die(what);
        if (!grid && _random.Chance(_options.DiskTrouble))
        {
            var fault = what.StartsWith("Write", StringComparison.Ordinal) || what.StartsWith("Create", StringComparison.Ordinal) ? DiskFault.NoSpace : DiskFault.Io;
            _trace.Add($"    {computer.Petname} {fault} at {what}");
            throw new DiskException(fault, RelativePath.Root, $"simulated: {fault} at {what}");
        }
    }

    private void LoseState(SimulatedComputer computer)
    {
        _trace.Add($"{computer.Petname} loses its state");
        Kill(computer.Index);
        _world.LoseState(computer);
        _oracle.StateLost(computer.Index);
    }

    private void LosePower(SimulatedComputer computer)
    {
        _trace.Add($"  {computer.Petname} loses what was not flushed");
        computer.User.CloseEverything();
        _oracle.PowerLost(computer.Index, () => computer.Folder.LosePower(_random));
    }

    private void Kill(int index)
    {
        if (_running[index] is not { } running) return;
        running.Process.End();
        running.Engine.Dispose();
        _running[index] = null;
    }

    private void Stop()
    {
        for (int i = 0; i < _running.Length; i++) Kill(i);
        _world.Dispose();
    }
}
