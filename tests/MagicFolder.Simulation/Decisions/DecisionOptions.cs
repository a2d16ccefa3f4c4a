namespace MagicFolder.Simulation.Decisions;

/// <param name="Runs">How many.</param>
/// <param name="Seed">Where their seeds start from.</param>
/// <param name="Processors">How many run at once.</param>
/// <param name="MostFailures">Stop after so many.</param>
internal sealed record DecisionOptions(long Runs, ulong Seed, int Processors, int MostFailures);
