using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Engines;

/// <summary>What a round came to.</summary>
/// <param name="DidSomething">Another round may find more to do.</param>
/// <param name="Well">No failure: what stood still was captured, published and materialized.</param>
internal readonly record struct RoundOutcome(bool DidSomething, bool Well);

/// <summary>A running engine of one participant. It dies with its process: then it is only disposed of.</summary>
internal interface ISimulatedEngine : IDisposable
{
    RoundOutcome RunRound();
}

/// <summary>All that outlives the engines of one run: the grid and the state databases.</summary>
internal interface ISimulatedWorld : IDisposable
{
    ISimulatedEngine Start(SimulatedComputer computer, SimulatedProcess process);

    /// <summary>Throws the state database of a computer away, while no engine runs there.</summary>
    void LoseState(SimulatedComputer computer);

    /// <summary>A turn of the schedule begins: long troubles come and go.</summary>
    void BeginTurn();

    /// <summary>No more trouble from here on.</summary>
    void Quieten();

    /// <summary>What a participant finds in the history of a path; null when there is none to look into. While no engine runs there.</summary>
    Func<string, IReadOnlyCollection<FormerValue>>? HistoryOf(SimulatedComputer computer);
}
