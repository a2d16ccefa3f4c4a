namespace MagicFolder.Simulation.Decisions;

/// <summary>A decision was wrong.</summary>
internal sealed class DecisionFailure(string message) : Exception(message);
