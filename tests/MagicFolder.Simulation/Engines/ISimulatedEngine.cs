using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Engines;

/// <summary>What a round came to.</summary>
/// <param name="DidSomething">Another round may find more to do.</param>
/// <param name="Well">No failure: what stood still was captured, published and materialized.</param>
/// <param name="Unsettled">Places that it said it has to look at again: they may have something that is no version yet.</param>
/// <param name="OnlyLacksContents">Not well, but only for what was freed, and what others have to store again.</param>
internal readonly record struct RoundOutcome(bool DidSomething, bool Well, IReadOnlySet<string>? Unsettled = null, bool OnlyLacksContents = false)
{
    public override string ToString() => $"{nameof(RoundOutcome)} {{ {nameof(DidSomething)} = {DidSomething}, {nameof(Well)} = {Well} }}";
}

/// <summary>A running engine of one participant. It dies with its process: then it is only disposed of.</summary>
internal interface ISimulatedEngine : IDisposable
{
    RoundOutcome RunRound();

    /// <summary>Frees what no retained snapshot refers to, after rounds of its own until nothing is left to do.</summary>
    RoundOutcome Collect();
}

/// <summary>A world whose every moment can be gone on from more than once.</summary>
internal interface ICopyableWorld : ISimulatedWorld
{
    /// <summary>
    /// What is there when every program ends at this moment, on the calling thread even between two steps of an engine or before a commit of its state. The copy draws
    /// nothing from this one's chance; it is to be given its own by <see cref="RestartChance"/>.
    /// </summary>
    ICopyableWorld Copy();

    /// <summary>From here on chance comes as it would in any other world with this seed.</summary>
    void RestartChance(ulong seed);

    /// <summary>While no engine runs: what <see cref="Copy"/> leaves out, e.g. connections, goes.</summary>
    void EndPrograms();

    /// <summary>Grows with every change that this computer makes to its state or to the grid: as long as both numbers stay the same, so do these.</summary>
    (long State, long Grid) ChangesBy(SimulatedComputer computer);
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

    /// <summary>What a retained snapshot needs and the storage does not hold; null when it holds all. While no engine has a round.</summary>
    string? Missing();
}
