namespace MagicFolder.Simulation.Oracles;

/// <summary>A promise was broken. The message names which.</summary>
internal sealed class OracleViolation(string message) : Exception(message);
