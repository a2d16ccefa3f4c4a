using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>What chance found once, of power losses.</summary>
public sealed class PowerLossStoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;

    private readonly Story _story = new(2);

    public void Dispose() => _story.Dispose();

    [Fact]
    public void WhatWasWrittenInPlaceAndWentBackToTheStageWithThePowerIsNotRemovedThere()
    {
        _story.Sync();
        _story.Write(Alice, "a.txt", "one");
        _story.Round(Alice);
        // In place, not flushed.
        _story.Kill(Bob, "Move .magic-folder/staging", () => { }, "Stat .magic-folder/staging");
        _story.Round(Alice);
        _story.WriteKeepingTimes(Bob, "a.txt", "two");
        _story.LosePower(Bob, "grid read mutable");
        _story.Shows(Bob, "a.txt").ShouldBeNull();
        _story.End();
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBe("F:two");
    }

    [Fact]
    public void WhatWasPutIntoADirectoryThatReplacedAFileIsNotTakenForDeletedAfterAPowerLoss()
    {
        for (ulong chance = 1; chance <= 40; chance++)
        {
            using var story = new Story(2, powerLoss: chance);
            story.Write(Alice, "d", "a file");
            story.Sync();
            story.Remove(Alice, "d");
            story.Write(Alice, "d/a.txt", "one");
            story.Write(Alice, "d/b.txt", "two");
            story.Round(Alice);
            // Both are in place, nothing is flushed.
            story.LosePower(Bob, "Move .magic-folder/staging", "Flush");
            story.End();
            foreach (int who in new[] { Alice, Bob }) (story.Shows(who, "d/a.txt"), story.Shows(who, "d/b.txt")).ShouldBe(("F:one", "F:two"));
        }
    }

    [Fact]
    public void WhatWasMadeExecutableAtOnceAndWentBackToTheStageWithThePowerIsNotRemovedThere()
    {
        int wentBack = 0;
        for (ulong chance = 1; chance <= 20; chance++)
        {
            using var story = new Story(2, powerLoss: chance);
            story.Sync();
            story.Write(Alice, "a.txt", "one");
            story.Write(Alice, "b.txt", "two");
            story.Round(Alice);
            // In place, not flushed, and within one tick of the clock.
            story.LosePower(Bob, "Move .magic-folder/staging", () => story.MakeExecutable(Bob, "a.txt"), 2, "Flush");
            if (story.Shows(Bob, "a.txt") is not null) continue;
            wentBack++;
            story.End();
            story.Shows(Alice, "a.conflict-bob.txt").ShouldBe("X:one");
        }
        wentBack.ShouldBePositive();
    }

    [Fact]
    public void AnEditInTheTickOfTheStagingThatAPowerLossBroughtBackToTheStageIsKept()
    {
        _story.Sync();
        _story.Write(Alice, "a.txt", "one");
        _story.Round(Alice);
        _story.LosePower(Bob, "Stat a.txt", () => _story.WriteKeepingTimes(Bob, "a.txt", "two"), 2, "Flush .");
        _story.End();
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBe("F:two");
    }

    [Fact]
    public void AFileThatAPowerLossTookBackToWhereItMovedFromHasNotBecomeExecutableThere()
    {
        for (ulong chance = 1; chance <= 20; chance++)
        {
            using var story = new Story(2, powerLoss: chance);
            story.Write(Alice, "d/a.txt", "one");
            story.Write(Alice, "d/e", "two");
            story.Sync();
            story.Rename(Alice, "d/a.txt", "b.txt");
            story.MakeExecutable(Alice, "b.txt");
            story.Round(Alice);
            story.LosePower(Bob, after: "Move .magic-folder/staging", before: "Flush");
            story.End();
            story.Shows(Alice, "d/a.txt").ShouldBeNull();
            story.Shows(Bob, "b.txt").ShouldBe("X:one");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatWasTouchedInPlaceAndWentBackToTheStageWithThePowerIsNoEdit(bool isLink)
    {
        Put("one");
        _story.Sync();
        Put("two");
        _story.Round(Alice);
        // In place, not flushed.
        _story.Kill(Bob, "Exchange", () => { }, "Stat l");
        _story.Touch(Bob, "l");
        _story.LosePower(Bob, "grid read mutable");
        _story.Shows(Bob, "l").ShouldBe(isLink ? "L:one" : "F:one");
        _story.Remove(Alice, "l");
        _story.Round(Alice);
        _story.End();
        foreach (int who in new[] { Alice, Bob }) (_story.Shows(who, "l"), _story.Shows(who, "l.conflict-bob")).ShouldBe((null, null));

        void Put(string content)
        {
            if (isLink) _story.Link(Alice, "l", content);
            else _story.Write(Alice, "l", content);
        }
    }
}
