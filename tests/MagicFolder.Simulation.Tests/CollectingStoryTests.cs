using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>What happens to others when a computer frees what no history refers to (docs/decisions/0015-collecting.md, 0017-repacking.md).</summary>
public sealed class CollectingStoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;
    private const int LongerThanLeases = 40;

    private readonly Story _story = new(2, retained: 1);

    public void Dispose() => _story.Dispose();

    [Fact]
    public void AContentThatOthersFreedWhileItsOwnerWasAwayIsStoredAnew()
    {
        FreeTheContentOne();
        _story.Write(Bob, "b.txt", "one");
        _story.End();
        _story.Shows(Alice, "b.txt").ShouldBe("F:one");
    }

    [Fact]
    public void NothingIsPublishedInARoundThatFoundContentsGone()
    {
        FreeTheContentOne();
        // More than go into one batch, so that what is stored so far is published in between.
        for (int i = 0; i < 12; i++) _story.Write(Bob, $"b{i:00}.txt", i == 0 ? "one" : $"new {i}");
        _story.Round(Bob);
        _story.Round(Alice);
        _story.Shows(Alice, "b11.txt").ShouldBeNull();
        _story.End();
        _story.Shows(Alice, "b00.txt").ShouldBe("F:one");
    }

    [Fact]
    public void NothingIsPublishedInTheMiddleOfARoundThatHasToStoreAnew()
    {
        FreeTheContentOne();
        _story.Write(Bob, "z.txt", "one");
        _story.Round(Bob);
        for (int i = 0; i < 12; i++) _story.Write(Bob, $"b{i:00}.txt", $"new {i}");
        _story.Round(Bob);
        _story.Round(Alice);
        _story.Shows(Alice, "z.txt").ShouldBe("F:one");
        _story.End();
    }

    [Fact]
    public void WhatWasPublishedBeforeItWasStoredAnewIsPublishedOnceMore()
    {
        FreeTheContentOne();
        _story.Write(Bob, "b.txt", "one");
        _story.Round(Bob);
        _story.SetMode(Bob, "b.txt", 0);
        _story.Write(Bob, "c.txt", "new");
        _story.Round(Bob);
        _story.Round(Alice);
        _story.Shows(Alice, "c.txt").ShouldBe("F:new");
        _story.Shows(Alice, "b.txt").ShouldBeNull();
        _story.SetMode(Bob, "b.txt", 0x1A4);
        _story.Round(Bob);
        _story.Round(Alice);
        _story.Shows(Alice, "b.txt").ShouldBe("F:one");
        _story.End();
    }

    [Fact]
    public void AContentThatStandsOnlyBesideIsStoredAnewAsWell()
    {
        FreeTheContentOne();
        _story.Write(Alice, "b.txt/c", "a directory has the name");
        _story.Round(Alice);
        _story.Write(Bob, "b.txt", "one");
        _story.End();
        _story.Shows(Alice, "b.conflict-bob.txt").ShouldBe("F:one");
    }

    [Fact]
    public void WhatStandsBesideIsStoredAnewWhenItCanBeRead()
    {
        FreeTheContentOne();
        _story.Write(Alice, "b.txt/c", "a directory has the name");
        _story.Round(Alice);
        _story.Write(Bob, "b.txt", "one");
        _story.Round(Bob);
        _story.SetMode(Bob, "b.conflict-bob.txt", 0);
        _story.Write(Bob, "d.txt", "new");
        _story.Round(Bob);
        _story.Round(Alice);
        _story.Shows(Alice, "d.txt").ShouldBe("F:new");
        _story.Shows(Alice, "b.conflict-bob.txt").ShouldBeNull();
        _story.SetMode(Bob, "b.conflict-bob.txt", 0x1A4);
        _story.End();
        _story.Shows(Alice, "b.conflict-bob.txt").ShouldBe("F:one");
    }

    [Fact]
    public void AContentThatCannotBeStoredAnewYetKeepsNothingElseBack()
    {
        FreeTheContentOne();
        _story.Write(Bob, "d/b.txt", "one");
        _story.Round(Bob, "grid renew lease", () => _story.SetMode(Bob, "d", 0));
        _story.Write(Bob, "c.txt", "new");
        _story.Round(Bob);
        _story.Round(Alice);
        _story.Shows(Alice, "c.txt").ShouldBe("F:new");
        _story.Shows(Alice, "d/b.txt").ShouldBeNull();
        _story.SetMode(Bob, "d", 0x1ED);
        _story.End();
        _story.Shows(Alice, "d/b.txt").ShouldBe("F:one");
    }

    [Theory]
    [InlineData("grid publish")]
    [InlineData("grid answer of publish")]
    [InlineData("grid read mutable")]
    [InlineData(null)]
    public void WhatWasSealedBeforeItsContentsWereFreedIsFollowedByOneThatHasThem(string? diesBefore)
    {
        LetGoOfTheContentOne();
        _story.Write(Bob, "b.txt", "one");
        _story.Kill(Bob, "grid publish");
        FreeWhatNobodyRetains();
        RunAndDie(_story, Bob, diesBefore);
        _story.End();
        _story.Shows(Alice, "b.txt").ShouldBe("F:one");
    }

    [Theory]
    [InlineData("grid publish")]
    [InlineData("grid answer of publish")]
    [InlineData("grid read mutable")]
    [InlineData(null)]
    public void WhatWasSealedBeforeItsTreeWasFreedIsNotRetained(string? diesBefore)
    {
        using var story = new Story(2, retained: 2);
        story.Write(Alice, "a.txt", "one");
        story.Sync();
        long published = story.RetainedOf(Bob).Max();
        story.Write(Alice, "a.txt", "two");
        story.Round(Alice);
        // What Bob seals has the tree that Alice stored.
        story.Kill(Bob, "grid publish");
        for (int i = 0; i < 3; i++)
        {
            story.Wait(3);
            story.Write(Alice, "a.txt", $"three {i}");
            story.Round(Alice);
        }
        story.Wait(LongerThanLeases);
        story.Collect(Alice);
        RunAndDie(story, Bob, diesBefore);
        story.Write(Bob, "b.txt", "at last");
        story.End();
        story.RetainedOf(Bob).ShouldNotContain(published + 1);
        story.Shows(Alice, "b.txt").ShouldBe("F:at last");
    }

    /// <summary>The number of what was sealed may be known to somebody, so it is published all the same; then all has to go on, whatever becomes of the process.</summary>
    private static void RunAndDie(Story story, int who, string? before)
    {
        if (before is null or "grid read mutable") story.Round(who);
        if (before is not null) story.Kill(who, before);
    }

    [Fact]
    public void WhatWasSealedAndPublishedBeforeItsContentsWereFreedStaysReadable()
    {
        LetGoOfTheContentOne();
        _story.Write(Bob, "b.txt", "one");
        _story.Kill(Bob, "grid answer of publish");
        _story.Wait(LongerThanLeases);
        _story.Collect(Alice);
        _story.End();
        _story.Shows(Alice, "b.txt").ShouldBe("F:one");
    }

    /// <summary>Both had it, none retains it, and only Alice knows that it has been freed.</summary>
    private void FreeTheContentOne()
    {
        LetGoOfTheContentOne();
        FreeWhatNobodyRetains();
    }

    private void LetGoOfTheContentOne()
    {
        _story.Write(Alice, "a.txt", "one");
        _story.Sync();
        _story.Write(Alice, "a.txt", "two");
        _story.Sync();
        LeaveTheHistory();
    }

    private void FreeWhatNobodyRetains()
    {
        _story.Wait(LongerThanLeases);
        int before = _story.StoredObjects;
        _story.Collect(Alice);
        _story.StoredObjects.ShouldBeLessThan(before);
    }

    /// <summary>Of what was there until now both retain only the newest.</summary>
    private void LeaveTheHistory()
    {
        _story.Wait(3);
        _story.Write(Alice, "of alice", "here");
        _story.Write(Bob, "of bob", "there");
        _story.Sync();
        _story.Sync();
    }

    [Fact]
    public void WhatWasToComeFromAPackThatIsRewrittenComesFromWhereItHasMoved()
    {
        for (int i = 0; i < 10; i++)
        {
            _story.Write(Alice, $"f{i}", $"content {i}");
            _story.Round(Alice);
        }
        _story.Kill(Bob, "CreateFile .magic-folder/staging");
        _story.Collect(Alice);
        _story.Wait(LongerThanLeases);
        int before = _story.StoredObjects;
        _story.Collect(Alice);
        _story.StoredObjects.ShouldBeLessThan(before, "what has moved goes, but not before the next time");
        _story.End();
        _story.Shows(Bob, "f0").ShouldBe("F:content 0");
    }
}
