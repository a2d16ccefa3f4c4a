using MagicFolder.Model.Blobs;
using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

/// <summary>What a table remembers of a transaction is never anything but what it holds.</summary>
public sealed class TransactionMemoryTests : IDisposable
{
    private readonly ParticipantDatabase _state = ParticipantDatabase.OpenInMemory(nameof(TransactionMemoryTests));

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARecordIsAsItWasWrittenLast(bool inTransaction)
    {
        using var transaction = inTransaction ? _state.Begin() : null;
        var path = Sample.Path("a");
        _state.Records.Find(path).ShouldBeNull();
        _state.Records.Put(Sample.Record("a", 1));
        _state.Records.Find(path).ShouldMatch(Sample.Record("a", 1));
        _state.Records.Put(Sample.Record("a", 2));
        _state.Records.Find(path).ShouldMatch(Sample.Record("a", 2));
        _state.Records.Remove(path);
        _state.Records.Find(path).ShouldBeNull();
    }

    [Fact]
    public void WhatIsRolledBackIsForgotten()
    {
        _state.Records.Put(Sample.Record("a", 1));
        using (_state.Begin())
        {
            _state.Records.Put(Sample.Record("a", 2));
            _state.Records.Put(Sample.Record("b", 3));
            _state.Records.Find(Sample.Path("a")).ShouldMatch(Sample.Record("a", 2));
            _state.Records.Find(Sample.Path("b")).ShouldMatch(Sample.Record("b", 3));
        }
        using var next = _state.Begin();
        _state.Records.Find(Sample.Path("a")).ShouldMatch(Sample.Record("a", 1));
        _state.Records.Find(Sample.Path("b")).ShouldBeNull();
    }

    [Fact]
    public void WhatAnotherSessionCommitsBetweenTwoTransactionsIsSeen()
    {
        using var other = ParticipantDatabase.OpenInMemory(nameof(TransactionMemoryTests));
        using (var first = _state.Begin())
        {
            _state.Records.Find(Sample.Path("a")).ShouldBeNull();
            _state.ConflictFiles.ForMain(Sample.Path("a")).ShouldBeEmpty();
            _state.Sealed.Read().ShouldBeNull();
            first.Commit();
        }
        other.Records.Put(Sample.Record("a", 1));
        other.ConflictFiles.Put(Sample.Conflict("a.conflict-bob", "a"));
        other.Sealed.Write(new SealedSnapshot(7, Sample.Blob(1), [1], Sample.Blob(2), null));

        using var second = _state.Begin();
        _state.Records.Find(Sample.Path("a")).ShouldMatch(Sample.Record("a", 1));
        _state.ConflictFiles.ForMain(Sample.Path("a")).Count.ShouldBe(1);
        _state.Sealed.Read()!.Seq.ShouldBe(7);
    }

    [Fact]
    public void AContentThatNobodyHadIsFoundOnceSomebodyHasIt()
    {
        using var transaction = _state.Begin();
        var content = Sample.File(1).Content;
        _state.Records.WithContent(content, 1).ShouldBeEmpty();
        _state.Records.Put(Sample.Record("a", 1));
        _state.Records.Put(Sample.Record("b", 1));
        _state.Records.WithContent(content, 1).Count.ShouldBe(1);
        _state.Records.WithContent(content, 9).Count.ShouldBe(2);
        _state.Records.Remove(Sample.Path("a"));
        _state.Records.WithContent(content, 9).Single().Path.ShouldBe(Sample.Path("b"));
    }

    [Fact]
    public void TheFirstConflictFileIsFoundAndTheLastIsGone()
    {
        using var transaction = _state.Begin();
        var file = Sample.Conflict("a.conflict-bob", "a");
        _state.ConflictFiles.Find(file.File).ShouldBeNull();
        _state.ConflictFiles.Put(file);
        _state.ConflictFiles.Find(file.File).ShouldMatch(file);
        _state.ConflictFiles.ForMain(file.Main).Count.ShouldBe(1);
        _state.ConflictFiles.Remove(file.File);
        _state.ConflictFiles.Find(file.File).ShouldBeNull();
    }

    [Fact]
    public void APackThatIsLostAndFoundAgain()
    {
        using var transaction = _state.Begin();
        var place = new BlobLocation(new PackRef("URI:pack"), 3, 4, 4, BlobEncoding.Plain);
        _state.Blobs.Add(Sample.Blob(1), place);
        _state.Blobs.FindLost(Sample.Blob(1)).ShouldBeEmpty();
        _state.Packs.MarkLost(place.Pack);
        _state.Blobs.FindLost(Sample.Blob(1)).ShouldBe([place]);
        _state.Packs.SetLease(place.Pack, 1);
        _state.Blobs.FindLost(Sample.Blob(1)).ShouldBeEmpty();
        _state.Blobs.Find(Sample.Blob(1)).ShouldBe([place]);
    }

    [Fact]
    public void WhereTheVersionsStandIsAsItWasWrittenLast()
    {
        using var transaction = _state.Begin();
        _state.Versions.Read().ShouldBeNull();
        _state.Versions.Write(new VersionState(Sample.Blob(1), 1, null, null, 0));
        _state.Versions.Read()!.PublishedSeq.ShouldBe(1);
        _state.Versions.Write(new VersionState(Sample.Blob(1), 2, null, null, 0));
        _state.Versions.Read()!.PublishedSeq.ShouldBe(2);
        _state.Sealed.Read().ShouldBeNull();
        _state.Sealed.Write(new SealedSnapshot(7, Sample.Blob(1), [1], Sample.Blob(2), null));
        _state.Sealed.Read()!.Seq.ShouldBe(7);
        _state.Sealed.Clear();
        _state.Sealed.Read().ShouldBeNull();
    }
}
