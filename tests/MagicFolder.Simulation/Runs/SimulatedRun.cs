using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Oracles;

namespace MagicFolder.Simulation.Runs;

/// <summary>
/// One run: a schedule and all misfortune from one seed, then quiescence and the oracle's verdict. The same seed and options give the same run, byte by byte.
/// </summary>
internal sealed class SimulatedRun : IDisposable
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long Day = 86_400 * Second;

    private static readonly long[] Absences = [0, 0, Day, 40 * Day];

    private readonly ulong _seed;
    private readonly SimulationOptions _options;
    private readonly SeededRandom _random;
    private readonly List<SeededRandom> _streams = [];
    private readonly Cluster _cluster;
    private bool _quiet;

    private SimulatedRun(ulong seed, SimulationOptions options, Func<SeededRandom, ISimulatedWorld> world, Trace trace)
    {
        _seed = seed;
        _options = options = Chosen(seed, options);
        _random = new SeededRandom(seed);
        _streams.Add(_random);
        _cluster = new Cluster(options, NewStream, trace, world)
        {
            OnStep = OnStep,
            DiesAtCommit = _ => !_quiet && _random.Chance(_options.CrashState),
            IsPowerLoss = _ => _random.Chance(_options.PowerLoss),
        };
    }

    /// <summary>The product's engine.</summary>
    /// <returns>What happened, as far as <see cref="SimulationOptions.TraceLines"/> goes.</returns>
    /// <exception cref="SimulationFailure">A promise was broken or the engine failed.</exception>
    public static Trace Run(ulong seed, SimulationOptions options) => Run(seed, options, random => new EngineWorld(Chosen(seed, options), random));

    /// <exception cref="SimulationFailure">A promise was broken or the engine failed.</exception>
    public static Trace Run(ulong seed, SimulationOptions options, Func<SeededRandom, ISimulatedWorld> world)
    {
        var trace = new Trace(options.TraceLines);
        try
        {
            using var simulation = new SimulatedRun(seed, options, world, trace);
            simulation.Run();
            return trace;
        }
        catch (Exception e)
        {
            string reason = e is OracleViolation ? e.Message : $"the engine failed: {e}";
            throw new SimulationFailure(seed, options, reason, trace.ToString(), e);
        }
    }

    public void Dispose() => _cluster.Dispose();

    private void Run()
    {
        foreach (int turn in _options.Only ?? [.. Enumerable.Range(0, _options.Turns)])
        {
            BeginTurn(turn);
            _cluster.BeginTurn();
            _cluster.Time.Advance(_random.Chance(0.5) ? _random.Below(30) * Millisecond : _random.Below(5) * Second);
            var computer = _random.Pick(_cluster.Computers);
            if (_options.Collect > 0 && _random.Chance(_options.Collect))
            {
                _cluster.Time.Advance(_random.Pick(Absences));
                _cluster.Collect(computer);
            }
            else if (_random.Chance(_options.LostState)) _cluster.LoseState(computer);
            else if (_random.Chance(0.5)) _cluster.RunRound(computer);
            else
                for (int i = _random.Below(4); i >= 0; i--) computer.User.ActOnce();
        }
        BeginTurn(-1);
        _quiet = true;
        _cluster.Rest(_options.QuiescenceBound);
    }

    private static SimulationOptions Chosen(ulong seed, SimulationOptions options) => !options.HasMoods ? options : options.Swarm(new SeededRandom(~seed));

    private SeededRandom NewStream()
    {
        var stream = _random.Split();
        _streams.Add(stream);
        return stream;
    }

    /// <summary>All chance in a turn depends on the seed and its number alone.</summary>
    private void BeginTurn(int turn)
    {
        var turns = new SeededRandom(_seed + ((ulong)(turn + 2) << 40));
        foreach (var stream in _streams) stream.Restart(turns.Next());
    }

    private void OnStep(SimulatedComputer computer, SimulatedProcess process, string what)
    {
        _cluster.Time.Advance(_random.Below(50_000) + (_random.Chance(0.01) ? 10 * Millisecond : 0));
        if (_quiet) return;
        bool grid = what.StartsWith("grid ", StringComparison.Ordinal);
        if (_random.Chance(_options.UserInRound))
        {
            _cluster.Trace.Add($"    (between steps of {computer.Petname}, before {what})");
            computer.User.ActOnce(amidSteps: true, amidSwap: !grid && !what.StartsWith(nameof(IDisk.CreateFile), StringComparison.Ordinal));
        }
        if (_random.Chance(_options.NestedRound)) _cluster.RunRound(_random.Pick(_cluster.Computers));
        if (_random.Chance(grid ? _options.CrashGrid : _options.Crash)) process.Die(what);
        if (grid || !_random.Chance(_options.DiskTrouble)) return;
        var fault = what.StartsWith("Write", StringComparison.Ordinal) || what.StartsWith("Create", StringComparison.Ordinal) ? DiskFault.NoSpace : DiskFault.Io;
        _cluster.Trace.Add($"    {computer.Petname} {fault} at {what}");
        throw new DiskException(fault, RelativePath.Root, $"simulated: {fault} at {what}");
    }
}
