using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>What chance found once, told step by step.</summary>
public sealed class StoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;

    private readonly Story _story = new(2);

    public void Dispose() => _story.Dispose();

    [Fact]
    public void ADirectoryThatWasMadeHereAndLostWithThePowerIsNotTakenForDeleted()
    {
        _story.Sync();
        _story.Write(Alice, "d/e/x.txt", "one");
        _story.Round(Alice);
        _story.LosePower(Bob, "grid renew lease");
        _story.End();
        _story.Shows(Alice, "d/e/x.txt").ShouldBe("F:one");
    }

    [Fact]
    public void ADirectoryThatWasMadeJustBeforeACrashGoesWhenItHasGoneElsewhere()
    {
        _story.Sync();
        _story.MakeDirectory(Alice, "d");
        _story.Round(Alice);
        _story.Kill(Bob, "CreateDirectory d", () => { }, diesBefore: "Stat d");
        _story.Shows(Bob, "d").ShouldBe("D");
        _story.Remove(Alice, "d");
        _story.Round(Alice);
        _story.End();
        _story.Shows(Bob, "d").ShouldBeNull();
        _story.Shows(Alice, "d").ShouldBeNull();
    }

    [Fact]
    public void ADirectoryThatWasMadeJustBeforeACrashIsNotTakenForDeletedWhenThePowerTakesIt()
    {
        _story.Sync();
        _story.MakeDirectory(Alice, "d");
        _story.Round(Alice);
        _story.Kill(Bob, "CreateDirectory d", () => { }, diesBefore: "Stat d");
        // What it stands for changes, so that it is recorded; then the power goes.
        _story.Remove(Alice, "d");
        _story.Link(Alice, "d", "elsewhere");
        _story.Round(Alice);
        _story.LosePower(Bob, "Flush d", "List .");
        _story.Shows(Bob, "d").ShouldBe("D");
        _story.End();
        _story.Shows(Alice, "d").ShouldBe("L:elsewhere");
        _story.Shows(Bob, "d").ShouldBe("L:elsewhere");
    }

    [Fact]
    public void WhatWasPutInPlaceWithoutBeingFlushedIsPutThereAgain()
    {
        _story.Sync();
        _story.Write(Alice, "a.txt", "one");
        _story.Round(Alice);
        // After the move, before the flush of the folder.
        _story.Round(Bob, "Move .magic-folder/staging", () => { });
        _story.LosePower(Bob, "grid ");
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:one");
    }

    [Fact]
    public void AFolderWhoseMarkerWasNotFlushedYetIsSetUpAgain()
    {
        _story.LosePower(Bob, "Flush .magic-folder/folder.json");
        _story.Round(Bob, "grid read mutable", () => { });
        _story.LosePower(Bob, "grid ");
        _story.End();
    }

    [Fact]
    public void ASourceThatGrowsWhileItIsCopiedLeavesNothingBehindTheEndOfTheCopy()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Write(Alice, "b.txt", "one");
        _story.Round(Alice);
        _story.Round(Bob, "MayHaveWriters a.txt", () => _story.Append(Bob, "a.txt", " and more"));
        _story.Shows(Bob, "b.txt").ShouldBeOneOf("F:one", null);
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:one and more");
    }

    [Fact]
    public void BitsThatChangeWithinASwapAreSeen()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Write(Alice, "a.txt", "two");
        _story.Round(Alice);
        _story.Round(Bob, "Exchange", () => _story.MakeExecutable(Bob, "a.txt"));
        _story.End();
    }

    [Fact]
    public void WhatWasWrittenLateAndPutBesideIsNotLostWithThePower()
    {
        _story.Write(Alice, "d/a.txt", "one");
        _story.Sync();
        var program = _story.Open(Bob, "d/a.txt");
        _story.Write(Alice, "d/a.txt", "two");
        _story.Round(Alice);
        _story.Round(Bob);
        program.Write("late");
        program.Close();
        // It is put beside, that is committed, and then the power goes.
        _story.Round(Bob, "Move .magic-folder/staging", () => { });
        _story.LosePower(Bob, "grid ");
        _story.End();
        _story.Shows(Alice, "d/a.conflict-bob.txt").ShouldBe("F:late");
    }

    [Fact]
    public void WhatWasSwappedOutAndThenOnlyTouchedIsNoVersion()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        var program = _story.Open(Bob, "a.txt");
        _story.Write(Alice, "a.txt", "two");
        _story.Round(Alice);
        _story.Round(Bob);
        program.Write("one");
        program.Close();
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:two");
        _story.Shows(Bob, "a.conflict-bob.txt").ShouldBeNull();
    }

    [Fact]
    public void ADirectoryDeletedElsewhereIsNotMadeAgainByALookAtIt()
    {
        using var story = new Story(2, isWatched: true);
        story.Sync();
        story.MakeDirectory(Alice, "d");
        story.Round(Alice);
        story.Round(Bob);
        story.Remove(Alice, "d");
        story.Round(Alice);
        // The watcher tells of the directory that the round before made.
        story.Round(Bob);
        story.End();
        story.Shows(Alice, "d").ShouldBeNull();
        story.Shows(Bob, "d").ShouldBeNull();
    }

    [Fact]
    public void ADirectoryWithTheInodeOfTheFileBeforeItIsNotTakenForThatFile()
    {
        ReplaceByDirectory(() => _story.Round(Bob, "SetAttributes .magic-folder/staging", MakeDirectoryInPlace));
    }

    [Fact]
    public void ADirectoryThatWasSwappedOutInPlaceOfAFileComesBackAfterACrash()
    {
        ReplaceByDirectory(() => _story.Kill(Bob, "Exchange", MakeDirectoryInPlace, "Stat .magic-folder/staging"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ALinkThatIsReplacedInTheSameTickOfTheClockIsSeen(int phase)
    {
        _story.Sync();
        for (int i = 0; i < phase; i++) _story.Write(Bob, "other", "x");
        // Bob's disk gives the new link the inode number of the old one.
        _story.Round(Bob, "List .", () => _story.Link(Bob, "l", "one"), "grid put", () => _story.Link(Bob, "l", "two"));
        _story.End();
        _story.Shows(Alice, "l").ShouldBe("L:two");
    }

    [Fact]
    public void ADeletionIsPublishedThoughTheTreeIsWhatItWasBeforeTheFileCame()
    {
        _story.Write(Alice, "other", "x");
        _story.Sync();
        _story.Write(Alice, "a.txt", "one");
        _story.Round(Alice);
        // It came, but Bob has not published that.
        _story.Kill(Bob, "grid renew lease");
        _story.Shows(Bob, "a.txt").ShouldBe("F:one");
        _story.Remove(Bob, "a.txt");
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBeNull();
    }

    [Fact]
    public void WhatANewStateSealedBeforeItSawItsPastIsNotShownToOthers()
    {
        long empty = _story.StorageMoment;
        _story.Round(Alice);
        _story.LoseState(Alice);
        // A server that lags shows Alice's own head as it was before she published anything.
        _story.Round(Alice, "grid read mutable", () => _story.RollBack(empty), 2, "", () => _story.RollBack(null));
        _story.Round(Bob);
        // Nothing in the folder changes afterwards, so that she has no other reason to publish.
        _story.End();
    }

    [Fact]
    public void WhoLostItsStateTwiceIsNoSecondWriterWhenAServerLags()
    {
        _story.Round(Alice);
        long first = _story.StorageMoment;
        _story.LoseState(Alice);
        _story.Round(Alice);
        _story.LoseState(Alice);
        // Her own head is shown as it was before she lost her state for the first time.
        _story.Round(Alice, "grid read mutable", () => _story.RollBack(first), 2, "", () => _story.RollBack(null));
        _story.End();
    }

    [Fact]
    public void WhatAProgramOpenedWhileItWasInPlaceForAMomentIsNotLost()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Write(Alice, "a.txt", "of alice");
        _story.Round(Alice);
        // The engine takes out what Bob has just written, sees that, and puts it back.
        (Action<string> Write, Action Close)? opened = null;
        _story.Round(Bob, "Exchange", () => _story.Write(Bob, "a.txt", "of bob"), "Stat .magic-folder/staging", () => opened = _story.Open(Bob, "a.txt"));
        var program = opened.ShouldNotBeNull();
        program.Write("late");
        program.Close();
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:of bob");
    }

    [Fact]
    public void AFileMadeExecutableAtTheLastMomentBeforeADirectoryTakesItsPlaceIsNotRemoved()
    {
        _story.Write(Alice, "d/g", "one");
        _story.Sync();
        _story.Remove(Bob, "d/g");
        _story.Remove(Bob, "d");
        _story.Write(Bob, "d", "of bob");
        _story.Write(Alice, "d/g", "two");
        _story.Round(Alice);
        // The engine puts back what came out, and finds that meanwhile something was put into the directory.
        _story.Round(Bob, "Exchange", () => _story.MakeExecutable(Bob, "d"), "MayHaveWriters .magic-folder/staging", () => _story.Write(Bob, "d/a.txt", "late"));
        _story.End();
        foreach (int who in new[] { Alice, Bob }) _story.Shows(who, "d.conflict-bob-2").ShouldBe("X:of bob");
    }

    [Fact]
    public void AFileThatShouldHaveMovedAndBecomeExecutableIsNoEditWhenItsPlaceIsTaken()
    {
        MoveAndMakeExecutable();
        _story.Round(Bob, "SetAttributes .magic-folder/staging", () => _story.Write(Bob, "b.txt", "of bob"));
        _story.End();
        _story.Shows(Bob, "a.conflict-bob.txt").ShouldBeNull();
    }

    [Fact]
    public void NorIsItAfterACrash()
    {
        MoveAndMakeExecutable();
        _story.Kill(Bob, "SetAttributes .magic-folder/staging", () => _story.Write(Bob, "b.txt", "of bob"), "Move .magic-folder/staging");
        _story.End();
        _story.Shows(Bob, "a.conflict-bob.txt").ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADirectoryThatItsMakerClosedIsFilledAndEmptiedElsewhereWhenItIsOpenAgain(bool wasFile)
    {
        const int ReadOnly = 0x16D;
        const int Open = 0x1ED;
        if (wasFile)
        {
            _story.Write(Alice, "d", "a file");
            _story.Sync();
            _story.Remove(Alice, "d");
        }
        _story.Write(Alice, "d/a", "one");
        _story.SetMode(Alice, "d", ReadOnly);
        _story.Sync();
        _story.Shows(Bob, "d/a").ShouldBe("F:one");
        _story.SetMode(Alice, "d", Open);
        _story.Remove(Alice, "d/a");
        _story.Write(Alice, "d/b", "two");
        _story.Sync();
        (_story.Shows(Bob, "d/a"), _story.Shows(Bob, "d/b")).ShouldBe((null, "F:two"));
        _story.Remove(Alice, "d/b");
        _story.Remove(Alice, "d");
        _story.Sync();
        _story.Shows(Bob, "d").ShouldBeNull();
    }

    [Fact]
    public void WhatCouldNotBeLookedAtIsNotPutBesideItself()
    {
        _story.Write(Alice, "d/a.txt", "of alice");
        _story.Round(Alice);
        _story.Write(Bob, "d/a.txt", "of bob");
        _story.Round(Bob);
        _story.LoseState(Alice);
        _story.MakeListable(Alice, "d", false);
        _story.Kill(Alice, "grid renew lease");
        _story.Shows(Alice, "d/a.conflict-alice.txt").ShouldBeNull();
        _story.MakeListable(Alice, "d", true);
        // Bob decides against her version, and that counts for what stands there.
        _story.Remove(Bob, "d/a.conflict-alice.txt");
        _story.Round(Bob);
        _story.End();
        _story.Shows(Alice, "d/a.txt").ShouldBe("F:of bob");
        _story.Shows(Alice, "d/a.conflict-alice.txt").ShouldBeNull();
    }

    private void MoveAndMakeExecutable()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Remove(Alice, "a.txt");
        _story.Write(Alice, "b.txt", "one");
        _story.MakeExecutable(Alice, "b.txt");
        _story.Round(Alice);
    }

    private void MakeDirectoryInPlace()
    {
        _story.Remove(Bob, "a.txt");
        _story.MakeDirectory(Bob, "a.txt");
    }

    private void ReplaceByDirectory(Action round)
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Write(Alice, "a.txt", "two");
        _story.Round(Alice);
        round();
        _story.End();
    }

    [Fact]
    public void ASnapshotWhoseHeadWasWrittenLateStaysInTheHistory()
    {
        _story.Sync();
        _story.Write(Alice, "a.txt", "one");
        _story.Kill(Alice, "grid publish");
        _story.Write(Alice, "a.txt", "two");
        _story.End();
    }

    [Fact]
    public void AStorageThatLagsForAMomentShortensNoHistory()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        long moment = _story.StorageMoment;
        _story.Write(Alice, "a.txt", "two");
        _story.Sync();
        _story.Write(Alice, "a.txt", "three");
        _story.Sync();
        _story.Round(Alice, "grid read mutable", () => _story.RollBack(moment), time: 2, "grid renew lease", () => _story.RollBack(null));
        _story.Write(Alice, "a.txt", "four");
        _story.End();
    }

    [Fact]
    public void ADiskThatIsFullOnlyWhenItFlushesKeepsNothingFromBeingPublished()
    {
        _story.Sync();
        _story.Write(Alice, "a.txt", "one");
        _story.Round(Alice);
        _story.Write(Bob, "b.txt", "two");
        _story.RoundWithFailures(Bob, "Write .magic-folder/staging", "Flush");
        _story.Shows(Bob, "a.txt").ShouldBeNull();
        _story.Round(Alice);
        _story.Shows(Alice, "b.txt").ShouldBe("F:two");
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:one");
    }
}
