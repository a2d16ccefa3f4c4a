using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>What becomes of conflict files, and of what is put in their place.</summary>
public sealed class ConflictFileStoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;

    private readonly Story _story = new(2);

    public void Dispose() => _story.Dispose();

    [Fact]
    public void AVersionStaysInItsPlaceUntilItStandsBeside()
    {
        _story.Sync();
        _story.Write(Alice, "e/f", "of alice");
        _story.Write(Bob, "e", "of bob");
        _story.Round(Alice);
        _story.Kill(Bob, "Move .magic-folder/staging", () => _story.MakeDirectory(Bob, "e.conflict-bob"), diesBefore: "grid");
        _story.LoseState(Bob);
        _story.End();
        _story.Shows(Alice, "e.conflict-bob-2").ShouldBe("F:of bob");
    }

    [Fact]
    public void APowerLossDoesNotKeepTheSwapWithoutWhatWasToStandBeside()
    {
        for (ulong chance = 1; chance <= 20; chance++)
        {
            using var story = new Story(2, powerLoss: chance);
            story.Sync();
            story.Write(Alice, "e/f", "of alice");
            story.Write(Bob, "e", "of bob");
            story.Round(Alice);
            story.LosePower(Bob, after: "Exchange .magic-folder/staging", before: "Flush");
            story.LoseState(Bob);
            story.End();
            story.Shows(Alice, "e.conflict-bob").ShouldBe("F:of bob");
        }
    }

    [Fact]
    public void APowerLossDoesNotTakeWhatStoodBesideWithoutWhatTookThePlace()
    {
        for (ulong chance = 1; chance <= 40; chance++)
        {
            using var story = new Story(2, powerLoss: chance);
            story.Sync();
            story.Write(Alice, "e/f", "of alice");
            story.Write(Bob, "e", "of bob");
            story.Round(Alice);
            story.Kill(Bob, "grid publish");
            story.Shows(Bob, "e.conflict-bob").ShouldBe("F:of bob");
            story.Remove(Alice, "e/f");
            story.Remove(Alice, "e");
            story.Round(Alice);
            story.LosePower(Bob, after: "Move e.conflict-bob", before: "Flush");
            story.LoseState(Bob);
            story.End();
            story.Shows(Alice, "e").ShouldBe("F:of bob");
        }
    }

    [Fact]
    public void AConflictFileThatANewStateCannotLookAtIsOneWhenItCan()
    {
        MakeConflict();
        _story.LoseState(Alice);
        _story.RoundWithFailures(Alice, "List .", "OpenRead a.conflict-bob.txt");
        _story.End();
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBe("F:of bob");
        _story.Shows(Bob, "a.conflict-bob.txt").ShouldBeNull();
    }

    [Fact]
    public void ADirectoryInThePlaceOfAConflictFileDecidesTheConflict()
    {
        MakeConflict();
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.MakeDirectory(Alice, "a.conflict-bob.txt");
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:of alice");
        _story.Shows(Bob, "a.conflict-bob.txt").ShouldBe("D");
    }

    [Fact]
    public void AConflictFileRemovedWhileItsVersionIsAboutToTakeThePlaceOfTheMainIsADecision()
    {
        MakeConflict();
        _story.Remove(Alice, "a.txt");
        _story.Round(Alice, "SetAttributes .magic-folder/staging", () => _story.Remove(Alice, "a.conflict-bob.txt"));
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AConflictFileRemovedBetweenTwoLooksAtItIsADecision(int look)
    {
        MakeConflict();
        _story.Remove(Alice, "a.txt");
        _story.Round(Alice, "Stat a.conflict-bob.txt", () => _story.Remove(Alice, "a.conflict-bob.txt"), look);
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBeNull();
    }

    [Fact]
    public void AConflictFileThatIsTouchedWhileItIsLookedAtGoesWithItsConflict()
    {
        MakeConflict();
        _story.Touch(Alice, "a.conflict-bob.txt");
        _story.Remove(Alice, "a.txt");
        _story.Round(Alice, "Read a.conflict-bob.txt", () => _story.Touch(Alice, "a.conflict-bob.txt"));
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:of bob");
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBeNull();
        _story.Shows(Bob, "a.conflict-bob.txt").ShouldBeNull();
    }

    [Fact]
    public void ALinkInThePlaceOfADirectoryWhoseConflictsWereDecidedAgainstIsTheOnlyVersion()
    {
        foreach (int who in new[] { Alice, Bob })
        {
            _story.MakeDirectory(who, "d");
            _story.Write(who, "d/a.txt", $"of {who}");
        }
        _story.Sync();
        foreach (string path in new[] { "d/a.conflict-alice.txt", "d/a.txt", "d" }) _story.Remove(Bob, path);
        _story.Link(Bob, "d", "elsewhere");
        _story.End();
        foreach (int who in new[] { Alice, Bob }) _story.Shows(who, "d").ShouldBe("L:elsewhere");
        _story.Shows(Bob, "d.conflict-bob").ShouldBeNull();
    }

    [Fact]
    public void AConflictFileInTheProgramsOwnDirectoryIsNotLostWithThePower()
    {
        _story.Sync();
        _story.Write(Alice, ".git/x", "of alice");
        _story.Write(Bob, ".git/x", "of bob");
        _story.Round(Alice);
        _story.LosePower(Bob, "grid renew lease");
        _story.Sync();
        _story.Shows(Alice, ".git/x").ShouldBe("F:of alice");
        _story.Shows(Bob, ".git/x").ShouldBe("F:of bob");
        _story.Shows(Bob, ".magic-folder/conflicts/.git_x.conflict-alice").ShouldBe("F:of alice");
    }

    [Fact]
    public void AConflictFileThatAFailingDiskLeftOnTheStageWasNotRemovedByItsUser()
    {
        _story.Sync();
        _story.Write(Alice, "a.txt", "of alice");
        _story.Write(Bob, "a.txt", "of bob");
        _story.Sync();
        _story.Shows(Bob, "a.conflict-alice.txt").ShouldBe("F:of alice");
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.Round(Alice);
        _story.RoundWithFailures(Bob, "Move a.conflict-alice.txt", "Stat .magic-folder/staging", "Move .magic-folder/staging");
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:of alice");
        _story.Shows(Bob, "a.txt").ShouldBe("F:of alice");
    }

    [Fact]
    public void BothKeepTheirOwnAtTheSameTimeAndAreInConflictAgain()
    {
        MakeConflict();
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.Remove(Bob, "a.conflict-alice.txt");
        _story.Round(Alice);
        _story.Round(Bob);
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:of alice");
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBe("F:of bob");
        _story.Shows(Bob, "a.txt").ShouldBe("F:of bob");
        _story.Shows(Bob, "a.conflict-alice.txt").ShouldBe("F:of alice");
        _story.Remove(Bob, "a.conflict-alice.txt");
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:of bob");
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBeNull();
    }

    [Fact]
    public void ADecisionForTheOtherVersionIsHeardAfterTheOwnWasMade()
    {
        MakeConflict();
        _story.Remove(Bob, "a.conflict-alice.txt");
        _story.Round(Bob);
        _story.Round(Alice, "Stat a.txt", () => _story.Remove(Alice, "a.conflict-bob.txt"));
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:of alice");
        _story.Shows(Bob, "a.txt").ShouldBe("F:of bob");
    }

    [Fact]
    public void BothTakeTheVersionOfOneAndThatIsAll()
    {
        MakeConflict();
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.Remove(Bob, "a.txt");
        _story.Rename(Bob, "a.conflict-alice.txt", "a.txt");
        _story.Round(Alice);
        _story.Round(Bob);
        _story.End();
        foreach (int who in new[] { Alice, Bob }) _story.Shows(who, "a.txt").ShouldBe("F:of alice");
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBeNull();
        _story.Remove(Alice, "a.txt");
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBeNull();
    }

    [Fact]
    public void WhoDecidesAndThenChangesOrRemovesWhatTheyDecidedForHasDoneThat()
    {
        MakeConflict();
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.Round(Alice);
        _story.Write(Alice, "a.txt", "of alice, changed");
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:of alice, changed");
        _story.Shows(Bob, "a.conflict-alice.txt").ShouldBeNull();
        _story.Remove(Alice, "a.txt");
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBeNull();
    }

    [Fact]
    public void WhoRemovesAllVersionsHasRemovedThemForEverybody()
    {
        MakeConflict();
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.Remove(Alice, "a.txt");
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBeNull();
        _story.Shows(Bob, "a.conflict-alice.txt").ShouldBeNull();
    }

    [Fact]
    public void TheFileRemovedBetweenTwoLooksOfTheRoundThatTakesInADecisionForItIsRemoved()
    {
        MakeConflict();
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.Round(Alice, "Stat a.txt", () => _story.Remove(Alice, "a.txt"), time: 2);
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBeNull();
        _story.Shows(Bob, "a.txt").ShouldBeNull();
    }

    [Fact]
    public void TheSecondOfTwoEqualFilesThatACrashLeftMayGo()
    {
        MakeConflict();
        _story.Remove(Bob, "a.conflict-alice.txt");
        _story.Round(Bob);
        _story.Kill(Alice, "Move a.conflict-bob.txt");
        _story.Shows(Alice, "a.txt").ShouldBe("F:of bob");
        _story.Remove(Alice, "a.conflict-bob.txt");
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:of bob");
        _story.Shows(Bob, "a.txt").ShouldBe("F:of bob");
    }

    [Fact]
    public void WhatIsRemovedJustBeforeAnotherVersionTakesThePlaceDecidesForNothing()
    {
        MakeConflict();
        _story.Remove(Bob, "a.conflict-alice.txt");
        _story.Write(Bob, "a.txt", "of bob, changed");
        _story.Round(Bob);
        _story.Round(Alice, "Exchange .magic-folder/staging", () => _story.Remove(Alice, "a.conflict-bob.txt"));
        _story.Shows(Alice, "a.txt").ShouldBe("F:of bob, changed");
        _story.Round(Alice);
        _story.Remove(Bob, "a.txt");
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBeNull();
        _story.Shows(Bob, "a.txt").ShouldBeNull();
    }

    [Fact]
    public void WhatIsRemovedBeforeAnythingHasTakenThePlaceDecidesForNothing()
    {
        using var story = new Story(3);
        const int Carol = 2;
        story.Round(Alice);
        story.Round(Bob);
        story.Write(Alice, "a.txt", "of alice");
        story.Write(Bob, "a.txt", "of bob");
        for (int i = 0; i < 2; i++)
        {
            story.Round(Alice);
            story.Round(Bob);
        }
        story.Round(Carol, "Move .magic-folder/staging", () => story.Remove(Carol, "a.conflict-alice.txt"), time: 2);
        story.Shows(Carol, "a.txt").ShouldBe("F:of bob");
        story.Round(Carol);
        story.Write(Bob, "a.txt", "of bob, changed");
        story.End();
        for (int who = 0; who < 3; who++)
        {
            story.Shows(who, "a.txt").ShouldBe("F:of bob, changed");
            story.Shows(who, "a.conflict-alice.txt").ShouldBeNull();
            story.Shows(who, "a.conflict-bob.txt").ShouldBeNull();
            story.Shows(who, "a.conflict-carol.txt").ShouldBeNull();
        }
    }

    [Fact]
    public void WhatIsRemovedJustBeforeAnEditIsCapturedDecidesForNothingMore()
    {
        MakeConflict();
        _story.Write(Alice, "a.txt", "of alice, changed");
        _story.Round(Alice, "OpenRead a.txt", () => _story.Remove(Alice, "a.conflict-bob.txt"));
        _story.Round(Bob);
        _story.Remove(Bob, "a.conflict-alice-2.txt");
        _story.Write(Bob, "a.txt", "of both");
        _story.End();
        foreach (int who in new[] { Alice, Bob }) _story.Shows(who, "a.txt").ShouldBe("F:of both");
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBeNull();
        _story.Shows(Bob, "a.conflict-alice.txt").ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsDecidedForBetweenTheLookAndItsRemovalStays(bool isMoved)
    {
        MakeConflict();
        _story.Remove(Bob, "a.txt");
        if (isMoved) _story.Rename(Bob, "a.conflict-alice.txt", "b.txt");
        else _story.Remove(Bob, "a.conflict-alice.txt");
        _story.Round(Bob);
        _story.Round(Alice, "Stat .magic-folder/staging", () => _story.Remove(Alice, "a.conflict-bob.txt"));
        _story.End();
        foreach (int who in new[] { Alice, Bob })
        {
            _story.Shows(who, "a.txt").ShouldBe("F:of alice");
            _story.Shows(who, "b.txt").ShouldBe(isMoved ? "F:of alice" : null);
        }
    }

    [Fact]
    public void OfThreeVersionsThatThreeDecideAgainstInACircleNoneIsLost()
    {
        using var story = new Story(3);
        string[] names = ["alice", "bob", "carol"];
        story.Sync();
        for (int who = 0; who < 3; who++) story.Write(who, "a.txt", "of " + names[who]);
        story.Sync();
        for (int who = 0; who < 3; who++) story.Remove(who, $"a.conflict-{names[(who + 1) % 3]}.txt");
        for (int who = 0; who < 3; who++) story.Round(who);
        story.End();
        for (int who = 0; who < 3; who++)
        {
            story.Shows(who, "a.txt").ShouldBe("F:of " + names[who]);
            story.Shows(who, $"a.conflict-{names[(who + 1) % 3]}.txt").ShouldBe("F:of " + names[(who + 1) % 3]);
        }
    }

    private void MakeConflict()
    {
        _story.Sync();
        _story.Write(Alice, "a.txt", "of alice");
        _story.Write(Bob, "a.txt", "of bob");
        _story.Sync();
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBe("F:of bob");
    }
}
