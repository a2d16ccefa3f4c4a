namespace MagicFolder.Simulation.Runs;

/// <summary>A run that went wrong. The message has the seed, the reason and the last events.</summary>
internal sealed class SimulationFailure(ulong seed, SimulationOptions options, string reason, string trace, Exception inner)
    : Exception($"seed {seed}: {reason}{Environment.NewLine}{trace}", inner)
{
    public ulong Seed { get; } = seed;

    public SimulationOptions Options { get; } = options;

    public string Reason { get; } = reason;

    /// <summary>What repeats it.</summary>
    public string Command =>
        $"simulate --seeds {Seed} --participants {Options.Participants} --turns {Options.Turns} --faults {Options.Faults.ToString().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal)}"
        + (Options.HasMoods ? " --moods" : "") + (Options.Only is { } only ? $" --only {string.Join(',', only)}" : "") + " --trace";
}
