using MagicFolder.Simulation.Decisions;
using MagicFolder.Simulation.Decisions.Joining;

namespace MagicFolder.Simulation;

public sealed class DecisionTests
{
    [Fact]
    public void ThousandsOfRandomHistoriesAndSituationsAreDecidedAsTheReferenceDoes()
    {
        var output = new StringWriter();
        new DecisionCampaign(new DecisionOptions(20_000, 1, Environment.ProcessorCount, MostFailures: 3), output).Run().ShouldBe(0, output.ToString());
    }

    [Fact]
    public void ARunIsTheSameEveryTimeAndWhateverElseWasRun()
    {
        var shared = new RunNodes();
        for (long number = 0; number < 500; number++)
        {
            ulong seed = DecisionRun.SeedOf(3, number);
            ulong alone = DecisionRun.Run(number, new RunScript(seed), new RunNodes());
            DecisionRun.Run(number, new RunScript(seed), shared).ShouldBe(alone);
        }
    }

    [Fact]
    public void AStepThatIsLeftOutLeavesTheOthersWithTheirChances()
    {
        var all = new RunScript(7);
        var few = new RunScript(7, 0b100);
        few.Step(1).ShouldBeNull();
        all.Step(1).ShouldNotBeNull();
        few.Step(2)!.Next().ShouldBe(all.Step(2)!.Next());
    }

    [Fact]
    public void TheReferenceShowsWhatNothingFollows()
    {
        var history = new CausalHistory();
        var value = Model.Versions.EntryValue.Directory(0, 0);
        ulong first = history.Add(new Happening(0, default, value, 0));
        ulong beside = history.Add(new Happening(0, default, value, 0));
        ulong later = history.Add(new Happening(0, default, value, first));
        ulong gone = history.Add(new Happening(0, default, null, later));
        history.Visible(first | beside | later, 0).ShouldBe(beside | later);
        history.Visible(first | gone, 0).ShouldBe(first);
        history.Visible(first | beside | later | gone, 0).ShouldBe(beside);
        history.Visible(first, 1).ShouldBe(0UL);
    }
}
