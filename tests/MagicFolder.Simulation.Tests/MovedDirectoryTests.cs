using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>A directory that was renamed elsewhere is renamed here in one step.</summary>
public sealed class MovedDirectoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;
    private const int Carol = 2;
    private const string TheMove = "Move d -> new";

    private readonly Story _story = new(2);

    public MovedDirectoryTests()
    {
        _story.Sync();
        _story.Write(Alice, "d/x.txt", "one");
        _story.Write(Alice, "d/e/y.txt", "two");
        _story.Sync();
    }

    public void Dispose() => _story.Dispose();

    [Fact]
    public void ItIsMovedWithAllThatIsInIt()
    {
        RenameAtAlice();
        _story.Round(Bob, TheMove, () => { });
        EndsMoved();
    }

    [Fact]
    public void WhatBitsEachComputerHasOfItsOwnDoesNotMatter()
    {
        _story.Write(Alice, "both/x.txt", "same");
        _story.Write(Bob, "both/x.txt", "same");
        _story.SetMode(Bob, "both/x.txt", 0x1B0);
        _story.Sync();
        _story.Rename(Alice, "both", "moved");
        _story.Round(Alice);
        _story.Round(Bob, "Move both -> moved", () => { });
        _story.Rename(Bob, "moved", "again");
        _story.Round(Bob);
        _story.Round(Alice, "Move moved -> again", () => { });
        _story.End();
    }

    [Fact]
    public void ACrashBeforeTheMoveChangesNothing()
    {
        RenameAtAlice();
        _story.Kill(Bob, TheMove);
        EndsMoved();
    }

    [Fact]
    public void ACrashAfterTheMoveIsRecognized()
    {
        RenameAtAlice();
        _story.Kill(Bob, TheMove, () => { }, "Flush .");
        _story.Shows(Bob, "new/x.txt").ShouldBe("F:one");
        EndsMoved();
    }

    [Fact]
    public void WhatIsChangedAfterACrashFollowsWhatWasMoved()
    {
        RenameAtAlice();
        _story.Kill(Bob, TheMove, () => { }, "Flush .");
        _story.Append(Bob, "new/x.txt", " more");
        _story.End();
        _story.Shows(Alice, "new/x.txt").ShouldBe("F:one more");
        _story.Shows(Alice, "new/x.conflict-bob.txt").ShouldBeNull();
        _story.Shows(Bob, "new/x.conflict-alice.txt").ShouldBeNull();
    }

    [Fact]
    public void WhatIsMissingAfterACrashIsBroughtAnew()
    {
        RenameAtAlice();
        _story.Kill(Bob, TheMove, () => { }, "Flush .");
        _story.Remove(Bob, "new/x.txt");
        EndsMoved();
    }

    [Fact]
    public void APowerLossThatUndoesTheMoveIsRecognized()
    {
        RenameAtAlice();
        _story.LosePower(Bob, TheMove, "Flush .");
        EndsMoved();
    }

    [Fact]
    public void AFileThatWasChangedAtTheLastMomentGoesAlong()
    {
        RenameAtAlice();
        _story.Round(Bob, TheMove, () => _story.Append(Bob, "d/x.txt", " more"));
        _story.End();
        _story.Shows(Alice, "new/x.txt").ShouldBe("F:one more");
        _story.Shows(Bob, "d").ShouldBeNull();
    }

    [Fact]
    public void AFileThatWasMadeInItAtTheLastMomentGoesAlong()
    {
        RenameAtAlice();
        _story.Round(Bob, TheMove, () => _story.Write(Bob, "d/z.txt", "three"));
        _story.End();
        _story.Shows(Alice, "new/z.txt").ShouldBe("F:three");
        _story.Shows(Bob, "d").ShouldBeNull();
    }

    [Fact]
    public void AFileThatWasRemovedFromItAtTheLastMomentStaysRemoved()
    {
        RenameAtAlice();
        _story.Round(Bob, TheMove, () => _story.Remove(Bob, "d/x.txt"));
        _story.End();
        _story.Shows(Alice, "new/x.txt").ShouldBeNull();
        _story.Shows(Bob, "new/e/y.txt").ShouldBe("F:two");
    }

    [Fact]
    public void WhatTookTheNewNameAtTheLastMomentStays()
    {
        RenameAtAlice();
        _story.Round(Bob, TheMove, () => _story.Write(Bob, "new", "mine"));
        _story.End();
        _story.Shows(Alice, "new/x.txt").ShouldBe("F:one");
        _story.Shows(Bob, "new/x.txt").ShouldBe("F:one");
        _story.Shows(Bob, "d").ShouldBeNull();
    }

    [Fact]
    public void OneThatGotAnotherNameHereAtTheLastMomentKeepsIt()
    {
        RenameAtAlice();
        _story.Round(Bob, TheMove, () => _story.Rename(Bob, "d", "other"));
        _story.End();
        _story.Shows(Alice, "other/x.txt").ShouldBe("F:one");
        _story.Shows(Bob, "new/x.txt").ShouldBe("F:one");
    }

    [Fact]
    public void OneWithAChangeOfItsOwnIsNotMovedAsAWhole()
    {
        RenameAtAlice();
        _story.Append(Bob, "d/x.txt", " more");
        _story.Round(Bob);
        _story.End();
        _story.Shows(Alice, "d/x.txt").ShouldBe("F:one more");
        _story.Shows(Alice, "new/x.txt").ShouldBe("F:one");
        _story.Shows(Bob, "new/e/y.txt").ShouldBe("F:two");
    }

    [Fact]
    public void OneThatChangedSinceTheScanIsNotMovedAsAWhole()
    {
        RenameAtAlice();
        _story.Round(Bob, "Stat new", () => _story.Append(Bob, "d/x.txt", " more"));
        _story.End();
        _story.Shows(Alice, "d/x.txt").ShouldBe("F:one more");
        _story.Shows(Alice, "new/x.txt").ShouldBe("F:one");
    }

    [Fact]
    public void OneInWhichThereWouldBeAConflictIsNotMovedAsAWhole()
    {
        using var story = new Story(3);
        story.Sync();
        story.Write(Alice, "d/a.txt", "zero");
        story.Write(Alice, "d/x.txt", "one");
        story.Sync();
        story.Rename(Alice, "d", "new");
        story.Round(Alice);
        story.Write(Carol, "new/x.txt", "another");
        story.Round(Carol);
        story.Round(Bob);
        story.End();
    }

    [Fact]
    public void WhatIsInItIsMovedWhereItCannotBeMovedItself()
    {
        RenameAtAlice();
        _story.Write(Alice, "new/x.txt", "changed");
        _story.Round(Alice);
        _story.Round(Bob, "Move d/e -> new/e", () => { });
        _story.End();
        _story.Shows(Bob, "new/x.txt").ShouldBe("F:changed");
        _story.Shows(Bob, "new/e/y.txt").ShouldBe("F:two");
        _story.Shows(Bob, "d").ShouldBeNull();
    }

    [Fact]
    public void WhatWasAddedToItIsBroughtAfterwards()
    {
        RenameAtAlice();
        _story.Write(Alice, "new/z.txt", "three");
        _story.Round(Alice);
        _story.Round(Bob, TheMove, () => { });
        _story.End();
        _story.Shows(Bob, "new/z.txt").ShouldBe("F:three");
        _story.Shows(Bob, "new/x.txt").ShouldBe("F:one");
    }

    private void RenameAtAlice()
    {
        _story.Rename(Alice, "d", "new");
        _story.Round(Alice);
    }

    private void EndsMoved()
    {
        _story.End();
        _story.Shows(Bob, "new/x.txt").ShouldBe("F:one");
        _story.Shows(Bob, "new/e/y.txt").ShouldBe("F:two");
        _story.Shows(Bob, "d").ShouldBeNull();
    }
}
