using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

public sealed class ReplayTests
{
    /// <summary>Traces name snapshots, versions, staging names and packs, so any difference in a byte shows.</summary>
    [Fact]
    public void ASeedIsTheSameRunByteForByteEveryTime()
    {
        var options = SimulationOptions.Everything with { Participants = 3, Turns = 30, TraceLines = 100_000 };
        for (ulong seed = 1; seed <= 20; seed++)
        {
            string first = SimulatedRun.Run(seed, options).ToString();
            SimulatedRun.Run(seed, options).ToString().ShouldBe(first);
        }
    }

    [Fact]
    public void ATurnThatIsLeftOutLeavesTheOthersWithTheirChances()
    {
        var options = SimulationOptions.Calm with { Participants = 2, TraceLines = 100_000, Only = [3, 5] };
        string both = SimulatedRun.Run(7, options).ToString();
        string first = SimulatedRun.Run(7, options with { Only = [3] }).ToString();
        both.ShouldStartWith(first[..first.IndexOf("== quiescence", StringComparison.Ordinal)][..^8]);
    }
}
