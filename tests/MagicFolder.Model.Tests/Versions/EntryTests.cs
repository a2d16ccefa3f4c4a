using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Versions;

public sealed class EntryTests
{
    [Fact]
    public void EqualSiblingsAreNoConflict()
    {
        var touched = EntryValue.File(Some.Content(1), 1, 999, 0x180);
        Entry.From([new(Some.Dot(1, 1), Some.File(1)), new(Some.Dot(2, 1), touched)])!.IsConflict.ShouldBeFalse();
        Entry.From([new(Some.Dot(1, 1), Some.File(1)), new(Some.Dot(2, 1), Some.File(2))])!.IsConflict.ShouldBeTrue();
    }

    [Fact]
    public void TheExecutableBitOfAFileIsIdentityAndNothingElseOfItsModeIs()
    {
        var plain = EntryValue.File(Some.Content(1), 1, 0, 0x1A4);
        plain.IsSameVersionAs(EntryValue.File(Some.Content(1), 1, 7, 0x180)).ShouldBeTrue();
        plain.IsSameVersionAs(EntryValue.File(Some.Content(1), 1, 0, 0x1ED)).ShouldBeFalse();
        EntryValue.Directory(0, 0x1ED).IsSameVersionAs(EntryValue.Directory(1, 0x1A4)).ShouldBeTrue();
        EntryValue.Symlink("a", 0).IsSameVersionAs(EntryValue.Symlink("b", 0)).ShouldBeFalse();
    }

    [Fact]
    public void GroupsStartWithTheGreatestDot()
    {
        var entry = Entry.From([new(Some.Dot(1, 1), Some.File(1)), new(Some.Dot(2, 2), Some.File(2)), new(Some.Dot(3, 3), Some.File(1))])!;
        entry.Groups().Select(group => group.Select(sibling => sibling.Dot.Seq)).ShouldBe([[1, 3], [2]]);
        entry.DotsOf(Some.File(1)).ShouldBe([Some.Dot(1, 1), Some.Dot(3, 3)]);
        entry.Find(Some.Dot(2, 2)).ShouldBe(Some.File(2));
        entry.Find(Some.Dot(2, 3)).ShouldBeNull();
    }

    [Fact]
    public void WhatStandsForAForgeryByNowWasNotInFrontOfAnybody()
    {
        var entry = Entry.From([new Sibling(Some.Dot(1, 1), Some.File(1)), new Sibling(Some.Dot(2, 1), Some.File(2)), new Sibling(Some.Dot(3, 1), Some.File(3))]);

        LocalChange.InFront(entry, [Some.Dot(1, 1), Some.Dot(2, 1), Some.Dot(3, 1), Some.Dot(4, 1)], Some.File(1), Some.Actor(3)).ShouldBe([Some.Dot(1, 1), Some.Dot(3, 1), Some.Dot(4, 1)]);
    }

    [Fact]
    public void ALocalChangeSupersedesWhatWasMaterializedAndNothingElse()
    {
        var entry = Entry.From([new(Some.Dot(1, 1), Some.File(1)), new(Some.Dot(2, 1), Some.File(2))]);
        var edited = LocalChange.Apply(entry, [Some.Dot(1, 1)], Some.Dot(3, 1), Some.File(3))!;
        edited.Siblings.Select(sibling => sibling.Dot).ShouldBe([Some.Dot(2, 1), Some.Dot(3, 1)]);
        LocalChange.Apply(entry, [Some.Dot(1, 1), Some.Dot(2, 1)], Some.Dot(3, 1), null).ShouldBeNull();
        LocalChange.Apply(null, [], Some.Dot(3, 1), null).ShouldBeNull();
        // A second edit before the snapshot is sealed replaces the first, which nobody else has seen.
        LocalChange.Apply(edited, [], Some.Dot(3, 1), Some.File(4))!.Find(Some.Dot(3, 1)).ShouldBe(Some.File(4));
    }

    [Fact]
    public void ADotOccursOnceInAnEntry()
    {
        Should.Throw<ArgumentException>(() => Entry.From([new(Some.Dot(1, 1), Some.File(1)), new(Some.Dot(1, 1), Some.File(2))]));
        Entry.From([]).ShouldBeNull();
    }

    [Fact]
    public void ALinkTargetIsTextWithoutNul()
    {
        foreach (string target in new[] { "", "a\0b", "\uD800", "\uDC00\uD800", "a\uD83D", new string('é', 2049) })
            Should.Throw<ArgumentException>(() => EntryValue.Symlink(target, 0));
        EntryValue.Symlink("\uFFFD😀", 0).LinkTarget.ShouldBe("\uFFFD😀");
        EntryValue.Symlink(new string('é', 2048), 0).LinkTarget!.Length.ShouldBe(2048);
    }
}
