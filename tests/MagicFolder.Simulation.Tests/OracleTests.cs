using MagicFolder.Simulation.Engines;
using MagicFolder.Simulation.Runs;
using MagicFolder.Simulation.Users;

namespace MagicFolder.Simulation;

/// <summary>The oracle on engines whose right and wrong is known.</summary>
public sealed class OracleTests
{
    private static readonly SimulationOptions Plain = SimulationOptions.Calm with { Habits = UserHabits.FilesOnly, UserInRound = 0.02, NestedRound = 0.02 };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void AnEngineThatKeepsTheRulesSatisfiesTheOracle(int participants)
    {
        for (ulong seed = 1; seed <= 400; seed++) Run(seed, TextbookFlaw.None, participants);
    }

    [Theory]
    [InlineData(nameof(TextbookFlaw.LastWriterWins), 10)]
    [InlineData(nameof(TextbookFlaw.RemoveDotsByPath), 60)]
    [InlineData(nameof(TextbookFlaw.ExtendRecordBlindly), 60)]
    [InlineData(nameof(TextbookFlaw.IgnoreContext), 20)]
    [InlineData(nameof(TextbookFlaw.RemoveBlindly), 60)]
    [InlineData(nameof(TextbookFlaw.WriteInPlace), 10)]
    [InlineData(nameof(TextbookFlaw.HideConflicts), 20)]
    public void AFlawIsFoundWithinAFewSeeds(string flaw, int within)
    {
        int found = 0;
        for (ulong seed = 1; seed <= (ulong)within; seed++)
        {
            try
            {
                Run(seed, Enum.Parse<TextbookFlaw>(flaw), participants: 3);
            }
            catch (SimulationFailure)
            {
                found++;
            }
        }
        found.ShouldBeGreaterThan(0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{flaw}: {found} of {within} seeds");
    }

    private static void Run(ulong seed, TextbookFlaw flaw, int participants) =>
        SimulatedRun.Run(seed, Plain with { Participants = participants }, _ => new TextbookWorld(flaw));
}
