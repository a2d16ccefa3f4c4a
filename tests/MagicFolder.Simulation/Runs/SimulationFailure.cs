namespace MagicFolder.Simulation.Runs;

/// <summary>A run that went wrong. The message has the seed, the reason and the last events.</summary>
internal sealed class SimulationFailure(ulong seed, string reason, string trace, Exception inner)
    : Exception($"seed {seed}: {reason}{Environment.NewLine}{trace}", inner)
{
    public ulong Seed { get; } = seed;

    public string Reason { get; } = reason;
}
