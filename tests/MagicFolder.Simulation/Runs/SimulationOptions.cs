using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Users;

namespace MagicFolder.Simulation.Runs;

/// <summary>What may happen in a run. Probabilities are per step of an engine, unless said otherwise.</summary>
internal sealed record SimulationOptions
{
    public static readonly SimulationOptions Calm = new SimulationOptions().With(Faults.None);

    public static readonly SimulationOptions Everything = new();

    /// <summary>What may happen at all.</summary>
    public Faults Faults { get; init; } = Faults.All;

    /// <summary>The turns that are taken, null for all: each has chance of its own, so that the others are the same without those left out.</summary>
    public IReadOnlyList<int>? Only { get; init; }

    /// <summary>Each run has moods: <see cref="Swarm"/>.</summary>
    public bool HasMoods { get; init; }

    /// <summary>How many of the last events a failure tells.</summary>
    public int TraceLines { get; init; } = 400;

    public int Participants { get; init; } = 2;

    /// <summary>Turns before quiescence: each is a few user actions or a round.</summary>
    public int Turns { get; init; } = 40;

    public UserHabits Habits { get; init; } = UserHabits.All;

    public double UserInRound { get; init; } = 0.03;

    public double Crash { get; init; } = 0.002;

    /// <summary>A crash at a call to the grid, which are fewer and matter more.</summary>
    public double CrashGrid { get; init; } = 0.02;

    /// <summary>A crash before a commit of the state database takes effect.</summary>
    public double CrashState { get; init; } = 0.005;

    /// <summary>Of all crashes, those that take with them what was not flushed.</summary>
    public double PowerLoss { get; init; } = 0.5;

    public double DiskTrouble { get; init; } = 0.0005;

    /// <summary>Unavailable before, or the answer lost after the effect of a grid call.</summary>
    public double GridTrouble { get; init; } = 0.03;

    /// <summary>Per write of an object: unavailable, or the answer lost. What is captured then waits longer to be sealed, or to be known to others.</summary>
    public double WriteTrouble { get; init; }

    /// <summary>Per read of a mutable object: an earlier version is shown.</summary>
    public double StaleRead { get; init; } = 0.01;

    /// <summary>Per read of an immutable object: it is not there, or its shares do not verify.</summary>
    public double LostRead { get; init; } = 0.005;

    /// <summary>Per turn: the storage is rolled back, or empty, until the next turn.</summary>
    public double StorageOutage { get; init; } = 0.03;

    /// <summary>Per round: the engine looks everywhere, not only where it was told of something.</summary>
    public double FullScan { get; init; } = 0.5;

    /// <summary>Per hint of a watcher: it is lost.</summary>
    public double LostHint { get; init; } = 0.1;

    /// <summary>Another participant has a whole round of its own between two steps.</summary>
    public double NestedRound { get; init; } = 0.003;

    /// <summary>Per turn: a state database is lost.</summary>
    public double LostState { get; init; } = 0.005;

    /// <summary>Per turn: a computer frees what no retained snapshot refers to.</summary>
    public double Collect { get; init; }

    /// <summary>So many of the newest snapshots stay in each history, and those of a day; null: all, or as many as chance says where storage is freed.</summary>
    public int? Retained { get; init; }

    /// <summary>Per run: some disks fold case or composition, and users write names that differ in nothing else.</summary>
    public double Twins { get; init; } = 0.25;

    /// <summary>Rounds of everybody within which all folders must be the same and still.</summary>
    public int QuiescenceBound { get; init; } = 24;

    /// <summary>
    /// A run in which some kinds of trouble are rare and others frequent reaches what the average one does not ("swarm testing": Groce et al., ISSTA 2012).
    /// </summary>
    public SimulationOptions Swarm(SeededRandom random)
    {
        double users = Factor(), nested = Factor(), crash = Factor(), disk = Factor(), grid = Factor(), stale = Factor(), loss = Factor(), outage = Factor();
        // What takes a failure of one certain call is reached where many fail.
        if (random.Below(8) == 0) disk = 40;
        return this with
        {
            Habits = Habits.InTheMood(random),
            UserInRound = UserInRound * users,
            NestedRound = NestedRound * nested,
            Crash = Crash * crash,
            CrashGrid = CrashGrid * crash,
            CrashState = CrashState * crash,
            DiskTrouble = DiskTrouble * disk,
            GridTrouble = GridTrouble * grid,
            WriteTrouble = GridTrouble > 0 && random.Below(5) == 0 ? 0.3 : 0,
            StaleRead = StaleRead * stale,
            LostRead = LostRead * loss,
            StorageOutage = StorageOutage * outage,
        };

        double Factor() => random.Below(4) switch { 0 => 0.1, 1 => 4, _ => 1 };
    }

    /// <summary>With these kinds of trouble and no other.</summary>
    public SimulationOptions With(Faults faults)
    {
        bool crash = faults.HasFlag(Faults.Crash), power = faults.HasFlag(Faults.Power);
        return this with
        {
            Faults = faults,
            // What was let go of comes again.
            Habits = faults.HasFlag(Faults.Collect) ? Habits with { CommonContents = 0.4 } : Habits,
            UserInRound = faults.HasFlag(Faults.Users) ? UserInRound : 0,
            NestedRound = faults.HasFlag(Faults.Nested) ? NestedRound : 0,
            Crash = crash || power ? Crash : 0,
            CrashGrid = crash || power ? CrashGrid : 0,
            CrashState = crash || power ? CrashState : 0,
            PowerLoss = !power ? 0 : crash ? PowerLoss : 1,
            DiskTrouble = faults.HasFlag(Faults.Disk) ? DiskTrouble : 0,
            GridTrouble = faults.HasFlag(Faults.Grid) ? GridTrouble : 0,
            StaleRead = faults.HasFlag(Faults.Stale) ? StaleRead : 0,
            LostRead = faults.HasFlag(Faults.Loss) ? LostRead : 0,
            StorageOutage = faults.HasFlag(Faults.Stale) || faults.HasFlag(Faults.Loss) ? StorageOutage : 0,
            LostState = faults.HasFlag(Faults.State) ? LostState : 0,
            Collect = faults.HasFlag(Faults.Collect) ? 0.2 : 0,
        };
    }
}
