using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>The real engine under the oracle. A failure names its seed; <c>simulate --seeds N..N --trace</c> with the same options tells its whole story.</summary>
public sealed class EngineTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void CalmRunsKeepThePromises(int participants) => Run(SimulationOptions.Calm with { Participants = participants, Turns = 30 }, 1, 100);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void RunsWithEveryTroubleKeepThePromises(int participants) => Run(SimulationOptions.Everything with { Participants = participants, Turns = 30 }, 1, 150);

    [Fact]
    public void RunsInWhichStorageIsFreedKeepThePromises() => Run(SimulationOptions.Everything.With(Faults.All | Faults.Collect) with { Participants = 3, Turns = 60 }, 1, 60);

    private static void Run(SimulationOptions options, ulong first, ulong last)
    {
        for (ulong seed = first; seed <= last; seed++) SimulatedRun.Run(seed, options);
    }
}
