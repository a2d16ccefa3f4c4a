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
        string[] both = LinesOf(options);
        var first = LinesOf(options with { Only = [3] }).TakeWhile(line => !line.EndsWith("== quiescence", StringComparison.Ordinal)).ToList();
        first.ShouldNotBeEmpty();
        both.Take(first.Count).ShouldBe(first);
    }

    private static string[] LinesOf(SimulationOptions options) => SimulatedRun.Run(7, options).ToString().Split(Environment.NewLine);
}
