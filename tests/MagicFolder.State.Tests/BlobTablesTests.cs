using MagicFolder.Model.Blobs;
using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

public sealed class BlobTablesTests : IDisposable
{
    private static readonly PackRef First = new("URI:CHK:first");
    private static readonly PackRef Second = new("URI:CHK:second");

    private readonly ParticipantDatabase _state = ParticipantDatabase.OpenInMemory(nameof(BlobTablesTests));

    public void Dispose() => _state.Dispose();

    [Fact]
    public void APackKeepsItsNumber()
    {
        long first = _state.Packs.IdOf(First);
        long second = _state.Packs.IdOf(Second);
        second.ShouldNotBe(first);
        _state.Packs.IdOf(First).ShouldBe(first);
        _state.Packs.Find(second).ShouldBe(Second);
        Should.Throw<KeyNotFoundException>(() => _state.Packs.Find(99));
        Should.Throw<ArgumentException>(() => _state.Packs.IdOf(default));

        using var reopened = ParticipantDatabase.OpenInMemory(nameof(BlobTablesTests));
        reopened.Packs.Find(second).ShouldBe(Second);
        reopened.Packs.IdOf(First).ShouldBe(first);
    }

    [Fact]
    public void LeasesThatEndFirstAreDueFirst()
    {
        _state.Packs.SetLease(First, 2000);
        _state.Packs.SetLease(Second, 1000);
        var never = new PackRef("URI:CHK:never");
        _state.Packs.SetOwn(never, true);
        _state.Packs.LeaseDue(2000).ShouldBe([never, Second]);
        _state.Packs.LeaseDue(2001).ShouldBe([never, Second, First]);
        _state.Packs.SetLease(never, 5000);
        _state.Packs.All().Select(p => (p.Pack, p.LeasedUntilMs, p.Own)).ShouldBe([(First, 2000, false), (Second, 1000, false), (never, 5000, true)]);
    }

    [Fact]
    public void ABlobIsFoundInEveryPackThatHoldsItTheNewestFirst()
    {
        var id = Sample.Blob(1);
        var old = new BlobLocation(First, long.MaxValue, int.MaxValue, int.MaxValue, BlobEncoding.Plain);
        var @new = new BlobLocation(Second, 0, 0, 7, BlobEncoding.Deflate);
        _state.Blobs.Contains(id).ShouldBeFalse();
        _state.Blobs.Check(id, old);
        _state.Blobs.Check(id, @new);
        _state.Blobs.Find(id).ShouldBe([@new, old]);
        _state.Blobs.Forget(id, Second);
        _state.Blobs.Forget(id, new PackRef("URI:CHK:unknown"));
        _state.Blobs.Find(id).ShouldBe([old]);
        _state.Blobs.Find(Sample.Blob(2)).ShouldBeEmpty();
        _state.Packs.All().Count().ShouldBe(2, "asking for an unknown pack does not make it known");
    }

    [Fact]
    public void WhatIsInALostPackDoesNotCountAsStoredButItsPlacesAreKept()
    {
        var first = new BlobLocation(First, 0, 1, 1, BlobEncoding.Plain);
        var second = first with { Pack = Second };
        _state.Blobs.Check(Sample.Blob(1), first);
        _state.Blobs.Check(Sample.Blob(1), second);
        _state.Blobs.Check(Sample.Blob(2), first);
        _state.Packs.MarkLost(First);
        _state.Packs.MarkLost(new PackRef("URI:CHK:unknown"));
        _state.Blobs.Find(Sample.Blob(1)).ShouldBe([second]);
        _state.Blobs.FindLost(Sample.Blob(1)).ShouldBe([first]);
        _state.Blobs.Contains(Sample.Blob(1)).ShouldBeTrue();
        _state.Blobs.Contains(Sample.Blob(2)).ShouldBeFalse();
        _state.Packs.All().Count().ShouldBe(2, "marking an unknown pack does not make it known");
    }

    [Fact]
    public void ALostPackIsDueForALeaseFirstAndALeaseBringsItBack()
    {
        var place = new BlobLocation(First, 0, 1, 1, BlobEncoding.Plain);
        _state.Blobs.Add(Sample.Blob(1), place);
        _state.Packs.SetLease(Second, 1);
        _state.Packs.MarkLost(First);
        _state.Packs.LeaseDue(2).ShouldBe([First, Second]);
        _state.Packs.SetLease(First, 5);
        _state.Blobs.Find(Sample.Blob(1)).ShouldBe([place]);
        _state.Blobs.FindLost(Sample.Blob(1)).ShouldBeEmpty();
    }

    [Fact]
    public void APackIsReliedOnWhileSomethingInItIsCheckedAndItIsNotLost()
    {
        var place = new BlobLocation(First, 0, 1, 1, BlobEncoding.Plain);
        _state.Packs.IsReliedOn(First).ShouldBeFalse();
        _state.Blobs.Add(Sample.Blob(1), place);
        _state.Packs.IsReliedOn(First).ShouldBeFalse();
        _state.Blobs.Check(Sample.Blob(1), place);
        _state.Packs.IsReliedOn(First).ShouldBeTrue();
        _state.Packs.MarkLost(First);
        _state.Packs.IsReliedOn(First).ShouldBeFalse();
        _state.Blobs.IsChecked(Sample.Blob(1), place).ShouldBeFalse("a table that leads there is not true");
    }

    [Fact]
    public void AForgottenPackIsUnknownWithAllPlacesInItAndMayBecomeKnownAgain()
    {
        var place = new BlobLocation(First, 0, 1, 1, BlobEncoding.Plain);
        _state.Blobs.Check(Sample.Blob(1), place);
        _state.Blobs.Check(Sample.Blob(1), place with { Pack = Second });
        _state.Packs.Forget(First);
        _state.Packs.Forget(new PackRef("URI:CHK:unknown"));
        _state.Packs.All().Select(row => row.Pack).ShouldBe([Second]);
        _state.Blobs.Find(Sample.Blob(1)).ShouldBe([place with { Pack = Second }]);
        _state.Blobs.FindLost(Sample.Blob(1)).ShouldBeEmpty();
        _state.Blobs.Add(Sample.Blob(1), place);
        _state.Blobs.IsChecked(Sample.Blob(1), place).ShouldBeFalse();
        using (_state.Begin()) _state.Packs.Forget(First);
        _state.Blobs.Find(Sample.Blob(1)).Count.ShouldBe(2, "it was rolled back");
    }

    [Fact]
    public void OnlyTablesBecomeClaimsAgainAndOnlyThoseThatAreNotSure()
    {
        var plain = new BlobLocation(First, 0, 1, 1, BlobEncoding.Plain);
        var framed = new BlobLocation(First, 10, 1, 1, BlobEncoding.Framed);
        var deflated = new BlobLocation(First, 20, 1, 9, BlobEncoding.FramedDeflate);
        _state.Blobs.Check(Sample.Blob(1), plain);
        _state.Blobs.Check(Sample.Blob(2), framed);
        _state.Blobs.Check(Sample.Blob(3), deflated);
        _state.Blobs.UncheckTables((id, place) => id == Sample.Blob(2) && place == framed);
        _state.Blobs.IsChecked(Sample.Blob(1), plain).ShouldBeTrue();
        _state.Blobs.IsChecked(Sample.Blob(2), framed).ShouldBeTrue();
        _state.Blobs.IsChecked(Sample.Blob(3), deflated).ShouldBeFalse();
        _state.Blobs.Find(Sample.Blob(3)).ShouldBe([deflated]);
    }

    [Fact]
    public void ANumberThatWasRolledBackIsNotRemembered()
    {
        using (_state.Begin()) _state.Blobs.Check(Sample.Blob(1), new BlobLocation(First, 0, 1, 1, BlobEncoding.Plain));
        _state.Blobs.Contains(Sample.Blob(1)).ShouldBeFalse();
        _state.Packs.IdOf(Second);
        _state.Blobs.Add(Sample.Blob(1), new BlobLocation(First, 0, 1, 1, BlobEncoding.Plain));
        _state.Blobs.Find(Sample.Blob(1)).Select(l => l.Pack).ShouldBe([First]);
    }

    [Fact]
    public void AClaimIsAPlaceToReadAndNotYetStored()
    {
        var id = Sample.Blob(1);
        var claimed = new BlobLocation(Second, 8, 5, 5, BlobEncoding.Plain);
        _state.Blobs.Add(id, claimed);
        _state.Blobs.Find(id).ShouldBe([claimed]);
        _state.Blobs.Contains(id).ShouldBeFalse();
        _state.Blobs.IsChecked(id, claimed).ShouldBeFalse();

        _state.Blobs.Check(id, claimed);
        _state.Blobs.Contains(id).ShouldBeTrue();
        _state.Blobs.IsChecked(id, claimed).ShouldBeTrue();
        _state.Blobs.IsChecked(id, claimed with { Offset = 9 }).ShouldBeFalse();
        _state.Blobs.IsChecked(id, claimed with { Pack = new PackRef("URI:CHK:unknown") }).ShouldBeFalse();
    }

    [Fact]
    public void AClaimDisplacesNothingAndComesAfterWhatIsChecked()
    {
        var id = Sample.Blob(1);
        var known = new BlobLocation(First, 8, 5, 5, BlobEncoding.Plain);
        _state.Blobs.Check(id, known);
        _state.Blobs.Add(id, known);
        _state.Blobs.Add(id, known with { Offset = 7 });
        _state.Blobs.Add(id, known with { Pack = Second });
        _state.Blobs.IsChecked(id, known).ShouldBeTrue();
        _state.Blobs.Find(id).ShouldBe([known, known with { Pack = Second }, known with { Offset = 7 }]);
    }

    [Fact]
    public void ChunkListsAreFoundByTheirContentTheCheckedOneFirst()
    {
        var content = Sample.Blob(1);
        _state.Blobs.FindChunkLists(content).ShouldBeEmpty();
        _state.Blobs.AddChunkList(content, Sample.Blob(2));
        _state.Blobs.AddChunkList(content, Sample.Blob(3));
        _state.Blobs.CheckChunkList(content, Sample.Blob(4));
        _state.Blobs.AddChunkList(content, Sample.Blob(4));
        _state.Blobs.FindChunkLists(content).Count.ShouldBe(3);
        _state.Blobs.FindChunkLists(content)[0].ShouldBe(Sample.Blob(4));
        _state.Blobs.IsCheckedChunkList(content, Sample.Blob(2)).ShouldBeFalse();

        _state.Blobs.ForgetChunkList(content, Sample.Blob(2));
        _state.Blobs.ForgetChunkList(content, Sample.Blob(4));
        _state.Blobs.FindChunkLists(content).ShouldBe([Sample.Blob(4), Sample.Blob(3)]);
    }

    [Fact]
    public void APackThatWasGivenUpIsRememberedWithoutBeingKnown()
    {
        _state.Packs.IdOf(First);
        _state.GivenUpPacks.Add(First);
        _state.GivenUpPacks.Add(First);
        _state.Packs.Forget(First);
        _state.GivenUpPacks.Add(Second);
        _state.GivenUpPacks.All().ShouldBe([First, Second]);
        _state.Packs.All().ShouldBeEmpty();
        _state.GivenUpPacks.Remove(First);
        _state.GivenUpPacks.Remove(First);
        _state.GivenUpPacks.All().ShouldBe([Second]);
    }
}
