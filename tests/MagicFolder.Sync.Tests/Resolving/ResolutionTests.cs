using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Sync.Tests.Resolving;

public sealed class ResolutionTests
{
    private static readonly RelativePath Path = RelativePath.Parse("x");
    private static readonly ConflictSibling Mine = Sibling("alice", 1, "x", isMain: true);
    private static readonly ConflictSibling OfBob = Sibling("bob", 2, "x.conflict-bob");
    private static readonly ConflictSibling OfCarol = Sibling("carol", 3, "x.conflict-carol");

    [Fact]
    public void MineKeepsWhatIsInPlaceAndClearsTheOthers()
    {
        var resolution = Decide("mine", Mine, OfBob, OfCarol);
        resolution.Kept.ShouldBe(Mine.Dots);
        resolution.Cleared.ShouldBe([OfBob.File!.Value, OfCarol.File!.Value]);
        resolution.Participant.ShouldBeNull();
    }

    [Fact]
    public void APetnameKeepsThatVersionAlone()
    {
        var resolution = Decide("carol", Mine, OfBob, OfCarol);
        resolution.Kept.ShouldBe(OfCarol.Dots);
        resolution.Participant.ShouldBe("carol");
        resolution.Cleared.ShouldBe([OfBob.File!.Value, OfCarol.File!.Value]);
    }

    [Fact]
    public void TheOwnPetnameMeansMine() => Decide("alice", Mine, OfBob).Participant.ShouldBeNull();

    [Fact]
    public void AnUnknownPetnameIsRefusedWithTheChoices() =>
        Should.Throw<RefusedException>(() => Decide("dave", Mine, OfBob, OfCarol)).Message.ShouldEndWith("take one of: mine, bob, carol");

    [Fact]
    public void AVersionThatNobodyHasSeenHereIsNotDecidedAbout() =>
        Should.Throw<RefusedException>(() => Decide("mine", Mine, OfBob with { File = null })).Message.ShouldContain("bob");

    [Fact]
    public void SeveralVersionsOfOneParticipantAreNotChosenFrom() =>
        Should.Throw<RefusedException>(() => Decide("bob", Mine, OfBob, OfCarol with { Participant = "bob" })).Message.ShouldContain("several");

    [Fact]
    public void AFileIsNotTakenOverADirectoryThatHoldsSomething()
    {
        var conflict = new PathConflict(Path, [OfBob], IsDirectoryImplied: true);
        Should.Throw<RefusedException>(() => Resolution.Decide(conflict, holdsSomething: true, "bob")).Message.ShouldContain("directory");
        var mine = Resolution.Decide(conflict, holdsSomething: true, "mine");
        mine.Kept.ShouldBeEmpty();
        mine.Cleared.ShouldBe([OfBob.File!.Value]);
    }

    private static Resolution Decide(string take, params ConflictSibling[] siblings) =>
        Resolution.Decide(new PathConflict(Path, [.. siblings], IsDirectoryImplied: false), holdsSomething: false, take);

    private static ConflictSibling Sibling(string petname, int number, string file, bool isMain = false) => new(
        petname, EntryValue.File(BlobId.Of([(byte)number]), 1, 0, 0x1A4), [new Dot(new ActorId((uint)number), number)], RelativePath.Parse(file), isMain);
}
