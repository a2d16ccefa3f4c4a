using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Sync.Tests.Explaining;

public sealed class StoryTellerTests
{
    private static readonly RelativePath Path = RelativePath.Parse("d/x.txt");
    private static readonly RelativePath Beside = RelativePath.Parse("d/x.conflict-bob.txt");
    private static readonly Dot OfAlice = new(new ActorId(1), 5);
    private static readonly Dot OfBob = new(new ActorId(2), 3);
    private static readonly EntryValue One = EntryValue.File(BlobId.Of([1]), 10, 1_000_000, 0x1A4);
    private static readonly EntryValue Two = EntryValue.File(BlobId.Of([2]), 20, 2_000_000, 0x1A4);

    private static readonly PathStory Here = new()
    {
        Path = Path,
        Participant = "alice",
        Record = new MaterializedRecord(Path, [OfBob], Two, default),
        Disk = DiskFinding.AsRecorded,
        Siblings = [new ConflictSibling("bob", Two, [OfBob], Path, IsMain: true)],
        Times = new Dictionary<Dot, long> { [OfBob] = 77 },
        PetnameOf = actor => actor == OfAlice.Actor ? "alice" : "bob",
    };

    [Fact]
    public void WhatIsHereIsToldWithMakerNumberAndTime() =>
        Tell(Here).ShouldBe(["alice has d/x.txt as version 3 of bob (at 77): a file of 20 B, modified at 2."]);

    [Fact]
    public void AVersionOfUnknownTimeIsToldWithoutOne() =>
        Tell(Here with { Times = new Dictionary<Dot, long>() })[0].ShouldContain("version 3 of bob:");

    [Fact]
    public void EqualVersionsNameAllTheirMakers() =>
        Tell(Here with { Record = Here.Record! with { Dots = [OfAlice, OfBob] } })[0].ShouldContain("made alike by alice");

    [Fact]
    public void AConflictListsEveryVersionAndHowToSettleIt()
    {
        var story = Here with
        {
            IsConflict = true,
            Siblings = [new ConflictSibling("bob", Two, [OfBob], Path, IsMain: true), new ConflictSibling("alice", One, [OfAlice], Beside, IsMain: false)],
        };
        var told = Tell(story);
        told.ShouldContain("It is in conflict: 2 versions were made without knowledge of one another.");
        told.ShouldContain(line => line.Contains("version 5 of alice") && line.EndsWith($"here as {Beside}"));
        told[^1].ShouldBe("Settle it with: magic-folder resolve d/x.txt --take mine|alice");
        new StoryTeller(time => "", size => "", " --folder holiday").Tell(story)[^1].ShouldBe("Settle it with: magic-folder resolve d/x.txt --take mine|alice --folder holiday");
    }

    [Fact]
    public void WhatIsWaitedForIsTold()
    {
        var waiting = Here with { IsPending = true, Record = null, Siblings = [new ConflictSibling("bob", Two, [OfBob], null, IsMain: true)] };
        Tell(waiting).ShouldBe([
            "d/x.txt is not on the disk of alice yet.",
            "Current is version 3 of bob (at 77): a file of 20 B, modified at 2.",
            "The disk still has to be brought to that; the next sync does it."]);
        var told = Tell(waiting with { Problems = [new Problem("d", "permission denied", "give access to it")] });
        told[^2].ShouldContain("waits until what follows is cleared up");
        told[^1].ShouldBe("Problem with d: permission denied; give access to it.");
    }

    [Fact]
    public void WhatTheGuardHoldsIsNotToldAsADeletionToCome()
    {
        var missing = Here with { Disk = DiskFinding.Missing };
        Tell(missing).ShouldContain(line => line.Contains("takes that for a deletion"));
        var held = Tell(missing with { Held = new HeldDeletions("local", 60, 61, 60, 88) });
        held.ShouldNotContain(line => line.Contains("takes that for a deletion"));
        held.ShouldContain(line => line.Contains("Since at 88") && line.Contains("60 of 61") && line.Contains("magic-folder confirm") && line.Contains("--confirm-deletions"));
        Tell(Here with { Held = new HeldDeletions("remote", 60, 61, 60, 88), IsPending = true, Siblings = [] })
            .ShouldContain(line => line.Contains("others deleted 60 of 61"));
    }

    [Fact]
    public void AConflictFileSaysWhatItIsOfAndThatAnEditedOneStays()
    {
        var file = new PathStory
        {
            Path = Beside, Participant = "alice", AsConflictFile = new ConflictFile(Beside, Path, [OfBob], Two, default), Disk = DiskFinding.AsRecorded, PetnameOf = Here.PetnameOf,
        };
        Tell(file)[0].ShouldContain("conflict file: it holds version 3 of bob of d/x.txt");
        Tell(file with { Disk = DiskFinding.Changed }).ShouldContain(line => line.Contains("never be removed"));
    }

    [Fact]
    public void LocalChangesAreToldBeforeTheyAreStored()
    {
        Tell(Here with { Disk = DiskFinding.Changed }).ShouldContain(line => line.Contains("has changed on the disk"));
        Tell(Here with { IsUnpublished = true }).ShouldContain(line => line.Contains("not published yet"));
        Tell(new PathStory { Path = Path, Participant = "alice", Disk = DiskFinding.New }).ShouldHaveSingleItem().ShouldContain("not stored yet");
    }

    [Fact]
    public void ADeletedPathIsKnownAndAnUnheardOneIsNot()
    {
        var nothing = new PathStory { Path = Path, Participant = "alice" };
        nothing.IsKnown.ShouldBeFalse();
        var deleted = nothing with { Activity = [new ActivityRow(1, 5, Path, "deleted-here", "it was deleted here")] };
        deleted.IsKnown.ShouldBeTrue();
        Tell(deleted).ShouldHaveSingleItem().ShouldContain("history d/x.txt");
        (nothing with { Problems = [new Problem("d", "permission denied", "x")] }).IsKnown.ShouldBeTrue();
        (nothing with { Problems = [new Problem(".", "too many deletions", "x")] }).IsKnown.ShouldBeFalse();
    }

    private static IReadOnlyList<string> Tell(PathStory story) => new StoryTeller(time => $"at {time}", size => $"{size} B").Tell(story);
}
