using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Sync.Tests.Resolving;

public sealed class PathConflictTests
{
    private static readonly RelativePath Path = RelativePath.Parse("d/x.txt");
    private static readonly RelativePath Beside = RelativePath.Parse("d/x.conflict-bob.txt");
    private static readonly Dot OfAlice = new(new ActorId(1), 5);
    private static readonly Dot OfBob = new(new ActorId(2), 3);
    private static readonly EntryValue One = EntryValue.File(BlobId.Of([1]), 1, 1000, 0x1A4);
    private static readonly EntryValue Two = EntryValue.File(BlobId.Of([2]), 2, 2000, 0x1A4);

    [Fact]
    public void OneVersionIsNoConflict()
    {
        Of(Entry.Of(OfAlice, One), Record(OfAlice, One)).ShouldBeNull();
        Of(null, null).ShouldBeNull();
    }

    [Fact]
    public void EqualVersionsOfSeveralAreNoConflict() =>
        Of(Entry.From([new Sibling(OfAlice, One), new Sibling(OfBob, One)]), Record(OfAlice, One)).ShouldBeNull();

    [Fact]
    public void WhatThisComputerHasComesFirstUnderTheOwnName()
    {
        var entry = Entry.From([new Sibling(OfAlice, One), new Sibling(OfBob, Two)]);
        var conflict = Of(entry, Record(OfBob, Two), new ConflictFile(Beside, Path, [OfAlice], One, default)).ShouldNotBeNull();
        conflict.Siblings.Select(s => (s.Participant, s.File, s.IsMain)).ShouldBe([("bob", Path, true), ("alice", Beside, false)]);
        conflict.Siblings[0].Value.ShouldBe(Two);
    }

    [Fact]
    public void AVersionThatIsNotOnThisDiskHasNoFile()
    {
        var entry = Entry.From([new Sibling(OfAlice, One), new Sibling(OfBob, Two)]);
        Of(entry, null).ShouldNotBeNull().Siblings.ShouldAllBe(sibling => sibling.File == null);
    }

    [Fact]
    public void AFileWhereADirectoryHasToStandIsAConflictWithoutMain()
    {
        var conflict = PathConflict.Of(Path, Entry.Of(OfAlice, One), hasDescendants: true, null, [], NameOf).ShouldNotBeNull();
        conflict.IsDirectoryImplied.ShouldBeTrue();
        conflict.Siblings.ShouldHaveSingleItem().IsMain.ShouldBeFalse();
    }

    private static PathConflict? Of(Entry? entry, MaterializedRecord? record, params ConflictFile[] files) =>
        PathConflict.Of(Path, entry, hasDescendants: false, record, files, NameOf);

    private static MaterializedRecord Record(Dot dot, EntryValue value) => new(Path, [dot], value, default);

    private static string NameOf(ActorId actor) => actor == OfAlice.Actor ? "alice" : "bob";
}
