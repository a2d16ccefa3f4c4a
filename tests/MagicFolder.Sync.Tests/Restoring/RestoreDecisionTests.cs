using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Restoring;

namespace MagicFolder.Sync.Tests.Restoring;

public sealed class RestoreDecisionTests
{
    private static readonly RelativePath Path = RelativePath.Parse("d/x");
    private static readonly EntryValue One = EntryValue.File(BlobId.Of([1]), 1, 1000, 0x1A4);
    private static readonly EntryValue Directory = EntryValue.Directory(0, 0x1ED);
    private static readonly ActorId Alice = new(1);
    private static readonly ActorId Bob = new(2);

    [Fact]
    public void WhatIsThereAlreadyIsLeftAlone()
    {
        RestoreDecision.IsThere(One, Record(EntryValue.File(One.Content, 1, 99, 0x180))).ShouldBeTrue("mtime and other bits are no version");
        RestoreDecision.IsThere(Directory, Record(EntryValue.Directory(5, 0x1C0))).ShouldBeTrue();
        RestoreDecision.IsThere(One, Record(EntryValue.File(One.Content, 1, 1000, 0x1ED))).ShouldBeFalse("it is executable");
        RestoreDecision.IsThere(One, Record(Directory)).ShouldBeFalse();
        RestoreDecision.IsThere(One, null).ShouldBeFalse();
    }

    [Fact]
    public void AnythingElseThatWouldHaveToGoIsAProblem()
    {
        var file = new FormerItem(Path, One);
        RestoreDecision.ProblemWith(file, default).ShouldBeNull();
        RestoreDecision.ProblemWith(file, new PresentState { HoldsSomething = true }).ShouldNotBeNull();
        RestoreDecision.ProblemWith(file, new PresentState { IsInConflict = true }).ShouldNotBeNull();
        RestoreDecision.ProblemWith(file, new PresentState { IsWaiting = true }).ShouldNotBeNull();
        RestoreDecision.ProblemWith(file, new PresentState { FileAbove = Path.Parent }).ShouldNotBeNull().Path.ShouldBe("d");
        RestoreDecision.ProblemWith(new FormerItem(Path, Directory), new PresentState { HoldsSomething = true }).ShouldBeNull();
    }

    [Fact]
    public void OfAConflictTheMakersOwnVersionIsTaken()
    {
        var two = EntryValue.File(BlobId.Of([2]), 2, 0, 0x1A4);
        var entry = Entry.From([new Sibling(new Dot(Alice, 1), One), new Sibling(new Dot(Bob, 9), two)])!;
        FormerChoice.Of(entry, hasDescendants: false, Alice).ShouldBe(One);
        FormerChoice.Of(entry, hasDescendants: false, Bob).ShouldBe(two);
        FormerChoice.Of(entry, hasDescendants: false, new ActorId(3)).ShouldBe(two);
    }

    [Fact]
    public void ADirectoryKeepsTheName()
    {
        var entry = Entry.From([new Sibling(new Dot(Alice, 1), Directory), new Sibling(new Dot(Bob, 9), One)])!;
        FormerChoice.Of(entry, hasDescendants: false, Bob).ShouldBe(Directory);
        FormerChoice.Of(Entry.Of(new Dot(Bob, 1), One), hasDescendants: true, Bob).ShouldBeNull();
    }

    private static MaterializedRecord Record(EntryValue value) => new(Path, [new Dot(Alice, 1)], value, default);
}
