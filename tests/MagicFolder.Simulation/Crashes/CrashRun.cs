using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Crashes;

/// <summary>
/// One workload with one crash: both computers have the base tree; users act; rounds of A and B in turn, in which one of them dies at a step; it starts again; all come
/// to rest, and the oracle judges.
/// </summary>
internal sealed class CrashRun : IDisposable
{
    private const int Rounds = 3;
    private const int Bound = 12;

    /// <summary>Steps after which the same is left behind as before them. A crash there is the same as one before the next step.</summary>
    private static readonly string[] WithoutEffect =
        ["Stat", "FileStat", "List", "OpenRead", "Read", "MayHaveWriters", "grid open", "grid read", "grid renew"];

    private readonly CrashPoint _point;
    private readonly Cluster _cluster;
    private bool _isCounting;

    private CrashRun(CrashPoint point, Trace trace)
    {
        _point = point;
        bool power = point.Kind != CrashKind.Process;
        var options = SimulationOptions.Calm with { Participants = 2, Faults = power ? Faults.Power : Faults.None, FullScan = 1 };
        var random = new SeededRandom((ulong)point.Step);
        _cluster = new Cluster(options, random.Split, trace, stream => new EngineWorld(options, stream))
        {
            OnStep = OnStep,
            DiesAtCommit = computer => IsHere(computer.Index),
            IsPowerLoss = _ => power,
            LosesAll = point.Kind == CrashKind.PowerLosesAll,
        };
    }

    /// <summary>Steps of <see cref="CrashPoint.Who"/> so far.</summary>
    private int Steps { get; set; }

    /// <returns>How many steps there were: with a point beyond them nothing crashed.</returns>
    /// <exception cref="CrashFailure">A promise was broken or the engine failed.</exception>
    public static int Run(CrashPoint point, int traceLines = 0)
    {
        var trace = new Trace(traceLines);
        try
        {
            using var run = new CrashRun(point, trace);
            run.Run();
            return run.Steps;
        }
        catch (Exception e)
        {
            throw new CrashFailure(point, e is Oracles.OracleViolation ? e.Message : $"the engine failed: {e}", trace.ToString(), e);
        }
    }

    public void Dispose() => _cluster.Dispose();

    private void Run()
    {
        _cluster.Oracle.Act(0, () => Workload.MakeBase(_cluster.Computers[0].Folder));
        for (int i = 0; i < 2; i++) RunAll();
        _point.Workload.Do(_cluster);
        _isCounting = true;
        for (int i = 0; i < Rounds; i++) RunAll();
        _isCounting = false;
        _cluster.Rest(Bound);
    }

    private void RunAll()
    {
        foreach (var computer in _cluster.Computers)
        {
            // Beyond the granularity of times, so that nothing is looked at twice.
            _cluster.Time.Advance(5_000_000_000);
            _cluster.RunRound(computer);
        }
    }

    private void OnStep(SimulatedComputer computer, SimulatedProcess process, string what)
    {
        _cluster.Time.Advance(20_000);
        if (!Array.Exists(WithoutEffect, name => what.StartsWith(name, StringComparison.Ordinal)) && IsHere(computer.Index)) process.Die(what);
    }

    private bool IsHere(int who) => _isCounting && who == _point.Who && ++Steps == _point.Step;
}
