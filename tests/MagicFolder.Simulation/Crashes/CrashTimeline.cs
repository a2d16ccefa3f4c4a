using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Crashes;

/// <summary>
/// One workload: both computers have the base tree; users act; rounds of A and B in turn, in which the steps that leave something behind are counted; all come to rest,
/// and the oracle judges.
/// </summary>
internal sealed class CrashTimeline : IDisposable
{
    /// <summary>Rounds of A and of B.</summary>
    private const int Turns = 6;

    private const int Bound = 12;

    /// <summary>Steps after which the same is left behind as before them. A crash there is the same as one before the next step.</summary>
    private static readonly string[] WithoutEffect =
        ["Stat", "FileStat", "List", "OpenRead", "Read", "MayHaveWriters", "grid open", "grid read", "grid renew"];

    private readonly Workload _workload;
    private readonly int[] _steps = new int[2];
    private bool _isCounting;

    public CrashTimeline(Workload workload, Trace trace)
    {
        _workload = workload;
        var options = SimulationOptions.Calm with { Participants = 2, Faults = Faults.Power, FullScan = 1 };
        var random = new SeededRandom((ulong)workload.Number);
        Cluster = new Cluster(options, random.Split, trace, stream => new EngineWorld(options, stream))
        {
            OnStep = OnStep,
            DiesAtCommit = computer => Dies(computer),
        };
    }

    public Cluster Cluster { get; }

    /// <summary>The round that goes on, from 0.</summary>
    public int Turn { get; private set; }

    /// <summary>How many steps of each computer there were.</summary>
    public IReadOnlyList<int> Steps => _steps;

    /// <summary>Before every step that counts, with its number from 1 up. Does the process die there?</summary>
    public Func<SimulatedComputer, int, bool> AtStep { get; set; } = (_, _) => false;

    /// <summary>After every round but the last ones, in which all come to rest.</summary>
    public Action AfterTurn { get; set; } = () => { };

    /// <exception cref="Oracles.OracleViolation">A promise was broken.</exception>
    public void Run()
    {
        Cluster.Oracle.Act(0, () => Workload.MakeBase(Cluster.Computers[0].Folder));
        for (int turn = 0; turn < 4; turn++) RunTurn(Cluster, turn);
        _workload.Do(Cluster);
        for (; Turn < Turns; Turn++)
        {
            _isCounting = true;
            RunTurn(Cluster, Turn);
            _isCounting = false;
            AfterTurn();
        }
        Cluster.Rest(Bound);
    }

    /// <summary>What follows after a crash in this turn.</summary>
    /// <exception cref="Oracles.OracleViolation">A promise was broken.</exception>
    public static void GoOn(Cluster cluster, int turn)
    {
        cluster.OnStep = (_, _, _) => cluster.Time.Advance(20_000);
        while (++turn < Turns) RunTurn(cluster, turn);
        cluster.Rest(Bound);
    }

    public void Dispose() => Cluster.Dispose();

    private static void RunTurn(Cluster cluster, int turn)
    {
        // Beyond the granularity of times, so that nothing is looked at twice.
        cluster.Time.Advance(5_000_000_000);
        cluster.RunRound(cluster.Computers[turn % 2]);
    }

    private void OnStep(SimulatedComputer computer, SimulatedProcess process, string what)
    {
        Cluster.Time.Advance(20_000);
        if (!Array.Exists(WithoutEffect, name => what.StartsWith(name, StringComparison.Ordinal)) && Dies(computer)) process.Die(what);
    }

    private bool Dies(SimulatedComputer computer) => _isCounting && AtStep(computer, ++_steps[computer.Index]);
}
