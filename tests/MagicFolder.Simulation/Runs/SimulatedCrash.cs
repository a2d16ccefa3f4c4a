namespace MagicFolder.Simulation.Runs;

/// <summary>The process dies here. Once thrown, every further call of that process throws it again, so that nothing it does has an effect.</summary>
internal sealed class SimulatedCrash(string where) : Exception($"crash at {where}");
