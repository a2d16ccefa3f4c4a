using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>What chance found once, of changes between two calls of the engine.</summary>
public sealed class LastMomentStoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;

    private readonly Story _story = new(2);

    public void Dispose() => _story.Dispose();

    [Fact]
    public void ADirectoryThatWasFilledAtOnceStaysTheVersionThatItIs()
    {
        _story.Sync();
        _story.Write(Alice, "d/e", "of alice");
        _story.Write(Bob, "d", "of bob");
        var program = _story.Open(Bob, "d");
        _story.Round(Alice);
        _story.Round(Bob, "Exchange .magic-folder/staging", () => { }, "Stat .magic-folder/staging", () =>
        {
            // The same again, so that it looks changed; and the directory that has taken its name is in use already.
            program.Write("of bob");
            program.Close();
            _story.Write(Bob, "d/g", "new");
        });
        _story.End();
        _story.Shows(Alice, "d.conflict-bob").ShouldBe("F:of bob");
        _story.Shows(Bob, "d/g").ShouldBe("F:new");
    }

    [Fact]
    public void AFileThatTookTheNameOfOneWhoseTimeIsBeingSetKeepsItsBits()
    {
        _story.Sync();
        ChangeBothToOneVersion();
        _story.Round(Bob);
        _story.Round(Alice, "SetAttributes a.txt", () =>
        {
            _story.Remove(Alice, "a.txt");
            _story.Write(Alice, "a.txt", "two");
            _story.MakeExecutable(Alice, "a.txt");
        });
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("X:two");
    }

    [Fact]
    public void AnEditWhileTheTimeOfItsFileIsBeingSetIsSeen()
    {
        _story.Sync();
        ChangeBothToOneVersion();
        _story.Round(Bob);
        _story.Round(Alice, "SetAttributes a.txt", () => _story.Write(Alice, "a.txt", "two"));
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:two");
    }

    [Theory]
    [InlineData("a.txt", "OpenRead a.txt")]
    [InlineData("d/a.txt", "List d")]
    public void WhatANewStateCannotLookAtIsSeenForTheFirstTimeWhenItCan(string path, string failing)
    {
        _story.Write(Bob, path, "one");
        _story.Sync();
        _story.LoseState(Bob);
        _story.RoundWithFailures(Bob, "List .", failing);
        _story.Remove(Alice, path);
        _story.Round(Alice);
        _story.End();
        _story.Shows(Bob, path).ShouldBeNull();
    }

    [Theory]
    [InlineData("List d")]
    [InlineData("OpenRead d/a.txt")]
    public void WhatANewStateCannotLookAtTwiceIsSeenForTheFirstTimeWhenItCan(string failingThen)
    {
        _story.Write(Bob, "d/a.txt", "one");
        _story.Sync();
        _story.LoseState(Bob);
        _story.RoundWithFailures(Bob, "List .", "OpenRead d/a.txt");
        _story.RoundWithFailures(Bob, "List .", failingThen);
        _story.Kill(Bob, "grid read");
        _story.Remove(Alice, "d/a.txt");
        _story.Round(Alice);
        _story.End();
        _story.Shows(Bob, "d/a.txt").ShouldBeNull();
    }

    [Fact]
    public void WhatANewStateCannotLookAtMayBeAFormerVersionThatOthersReplaced()
    {
        _story.Write(Bob, "a.txt", "one");
        _story.Sync();
        _story.LoseState(Bob);
        _story.RoundWithFailures(Bob, "List .", "OpenRead a.txt");
        _story.Write(Alice, "a.txt", "two");
        _story.Round(Alice);
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBe("F:two");
        _story.Shows(Bob, "a.conflict-alice.txt").ShouldBeNull();
        _story.Shows(Bob, "a.conflict-bob.txt").ShouldBeNull();
    }

    [Fact]
    public void WhatAFounderCannotLookAtMayBeAVersionOfSomebodyWhoJoinedMeanwhile()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Write(Alice, "b.txt", "looked up in a history that there is not yet");
        _story.RoundWithFailures(Alice, "List .", "OpenRead a.txt");
        _story.Write(Bob, "a.txt", "one");
        _story.Round(Bob);
        _story.Write(Bob, "a.txt", "two");
        _story.Round(Bob);
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:two");
        _story.Shows(Alice, "a.conflict-bob.txt").ShouldBeNull();
        _story.Shows(Alice, "a.conflict-alice.txt").ShouldBeNull();
    }

    [Fact]
    public void WhatWasIgnoredMeanwhileIsStillSeenForTheFirstTime()
    {
        _story.Write(Bob, "a.txt", "one");
        _story.Sync();
        _story.LoseState(Bob);
        _story.RoundWithFailures(Bob, "List .", "OpenRead a.txt");
        _story.Write(Bob, ".magic-folder/ignore", "a.txt");
        _story.Round(Bob);
        _story.Remove(Bob, ".magic-folder/ignore");
        _story.Remove(Alice, "a.txt");
        _story.Round(Alice);
        _story.End();
        _story.Shows(Bob, "a.txt").ShouldBeNull();
    }

    [Fact]
    public void WhatIsPutWhereANewStateCouldNotLookIsAVersionOnceItHasLooked()
    {
        _story.Write(Bob, "a.txt", "one");
        _story.Sync();
        _story.LoseState(Bob);
        _story.RoundWithFailures(Bob, "List .", "OpenRead a.txt");
        _story.Sync();
        _story.Remove(Alice, "a.txt");
        _story.Sync();
        _story.Shows(Bob, "a.txt").ShouldBeNull();
        _story.Write(Bob, "a.txt", "one");
        _story.End();
        _story.Shows(Alice, "a.txt").ShouldBe("F:one");
    }

    [Fact]
    public void WhatALostStateHadPutInPlaceIsNotTakenBackByALaterPowerLoss()
    {
        _story.Sync();
        _story.Write(Alice, "e/a.txt", "one");
        _story.Round(Alice);
        _story.Kill(Bob, "Move .magic-folder/staging", () => { }, diesBefore: "Flush");
        _story.LoseState(Bob);
        _story.MakeExecutable(Bob, "e/a.txt");
        _story.LosePower(Bob, after: "List .magic-folder/staging", before: "grid read");
        _story.End();
        _story.Shows(Alice, "e/a.conflict-bob.txt").ShouldBe("X:one");
    }

    [Fact]
    public void ANewParticipantHasNothingOfALostStateToFlush()
    {
        Should.Throw<InvalidOperationException>(() => _story.Round(Bob, "FlushAll", () => { }));
        _story.LoseState(Bob);
        Should.NotThrow(() => _story.Round(Bob, "FlushAll", () => { }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("three")]
    public void WhatTookThePlaceOfADirectoryBeforeACrashWasInFrontOfItsUser(string? then)
    {
        _story.MakeDirectory(Alice, "d");
        _story.Sync();
        _story.Remove(Alice, "d");
        _story.Write(Alice, "d", "two");
        _story.Round(Alice);
        _story.Kill(Bob, "Exchange", () => { }, "Stat d");
        _story.Remove(Bob, "d");
        if (then is not null) _story.Write(Bob, "d", then);
        _story.End();
        _story.Shows(Alice, "d").ShouldBe(then is null ? null : "F:" + then);
        _story.Shows(Bob, "d").ShouldBe(then is null ? null : "F:" + then);
        _story.Shows(Bob, "d.conflict-alice").ShouldBeNull();
    }

    [Fact]
    public void WhatTookThePlaceOfAFileBeforeACrashWasInFrontOfItsUserWhoeverWroteToThatFileAfterwards()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        var program = _story.Open(Bob, "a.txt");
        _story.Write(Alice, "a.txt", "two");
        _story.Round(Alice);
        _story.Kill(Bob, "Exchange", () => { }, "Stat a.txt");
        program.Write("late");
        program.Close();
        _story.Remove(Bob, "a.txt");
        _story.End();
        foreach (int who in new[] { Alice, Bob })
        {
            _story.Shows(who, "a.txt").ShouldBeNull();
            _story.Shows(who, "a.conflict-bob.txt").ShouldBe("F:late");
        }
    }

    [Fact]
    public void WhatIsWrittenToAFileOfGitAfterItWasOutComesBackWhereItIsCaptured()
    {
        _story.Write(Alice, ".git/x", "one");
        _story.Sync();
        var program = _story.Open(Bob, ".git/x");
        _story.Write(Alice, ".git/x", "two");
        _story.Round(Alice);
        _story.Round(Bob);
        program.Write("late");
        program.Close();
        _story.Sync();
        _story.Sync();
        _story.Shows(Bob, ".git_x.conflict-bob").ShouldBe("F:late");
        _story.Shows(Alice, ".git_x.conflict-bob").ShouldBe("F:late");
        _story.Shows(Bob, ".git/x").ShouldBe("F:two");
    }

    /// <summary>At different times; whose snapshot is older has its time set.</summary>
    private void ChangeBothToOneVersion()
    {
        _story.Write(Alice, "a.txt", "none");
        _story.Sync();
        _story.Write(Alice, "a.txt", "one");
        _story.Round(Alice);
        _story.Write(Bob, "a.txt", "one");
    }

    [Fact]
    public void AFileThatIsThereAgainBeforeItsAbsenceIsRecordedIsNotDeleted()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Remove(Alice, "a.txt");
        _story.Round(Alice, "Stat a.txt", () => _story.Write(Alice, "a.txt", "one"));
        _story.Round(Bob);
        _story.Shows(Bob, "a.txt").ShouldBe("F:one");
        _story.End();
    }

    [Fact]
    public void WhatWasStagedWithTheNumberOfWhatItsUserHadReplacedBeforeACrashWasNotPut()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Write(Bob, "a.txt", "two");
        _story.Round(Bob);
        void Save()
        {
            _story.Write(Alice, "new", "mine");
            _story.Remove(Alice, "a.txt");
            _story.Rename(Alice, "new", "a.txt");
        }
        _story.Kill(Alice, "WhyClosed .", Save, "Stat a.txt");
        _story.Shows(Alice, "a.txt").ShouldBe("F:mine");
        _story.End();
        foreach (int who in new[] { Alice, Bob })
        {
            string?[] shown = [_story.Shows(who, "a.txt"), _story.Shows(who, "a.conflict-alice.txt"), _story.Shows(who, "a.conflict-bob.txt")];
            shown.OfType<string>().Order().ShouldBe(["F:mine", "F:two"]);
        }
    }

    [Fact]
    public void WhatADiskThatFailedAfterASwapLeftInPlaceIsNoChangeOfItsUser()
    {
        _story.Write(Alice, "d", "one");
        _story.MakeDirectory(Bob, "d");
        _story.MakeDirectory(Bob, "d/e");
        _story.Round(Bob);
        _story.RoundWithFailures(Alice, "Exchange", "MayHaveWriters .magic-folder/staging", "Stat .magic-folder/staging");
        _story.End();
        foreach (int who in new[] { Alice, Bob }) _story.Shows(who, "d.conflict-alice").ShouldBe("F:one");
    }
}
