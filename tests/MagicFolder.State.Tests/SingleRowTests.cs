using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

public sealed class SingleRowTests : IDisposable
{
    private readonly ParticipantDatabase _state = ParticipantDatabase.OpenInMemory(nameof(SingleRowTests));

    public void Dispose() => _state.Dispose();

    [Fact]
    public void ANewDatabaseKnowsNothing()
    {
        _state.Identity.Read().ShouldBeNull();
        _state.Versions.Read().ShouldBeNull();
        _state.Sealed.Read().ShouldBeNull();
        _state.Collective.Read().ShouldBeNull();
        _state.Guard.Read().ShouldBeNull();
        _state.Observations.ReadAll().Count.ShouldBe(0);
        _state.Pending.Any().ShouldBeFalse();
    }

    [Fact]
    public void TheIdentityComesBack()
    {
        var identity = new ParticipantIdentity(new FolderId(UInt128.MaxValue - 1), "alice's ünd laptop", Sample.Actor(1), [.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
        _state.Identity.Write(identity);
        _state.Identity.Read().ShouldBe(identity);
        _state.Identity.Write(identity with { Participant = "bob" });
        _state.Identity.Read()!.Participant.ShouldBe("bob");
        identity.ShouldNotBe(identity with { Nonce = ImmutableArray.Create<byte>(1) });
    }

    [Fact]
    public void TheVersionStateComesBack()
    {
        var first = new VersionState(Sample.Blob(1), 0, null, null, 0);
        _state.Versions.Write(first);
        _state.Versions.Read().ShouldBe(first);
        var later = new VersionState(Sample.Blob(2), 7, Sample.Blob(3), Sample.Blob(4), long.MaxValue, HasUnsealedEdits: true);
        _state.Versions.Write(later);
        _state.Versions.Read().ShouldBe(later);
    }

    [Fact]
    public void TheCollectiveComesBackByteForByte()
    {
        _state.Collective.Write(new SeenCollective(3, [1, 0, 2]));
        _state.Collective.Write(new SeenCollective(long.MaxValue, [4]));
        var read = _state.Collective.Read()!;
        (read.Seqnum, read.Content[0], read.Content.Length).ShouldBe((long.MaxValue, (byte)4, 1));
    }

    [Fact]
    public void TheSealedSnapshotComesBackByteForByte()
    {
        var without = new SealedSnapshot(3, Sample.Blob(1), [0, 1, 0], Sample.Blob(2), null);
        _state.Sealed.Write(without);
        _state.Sealed.Read()!.HeadBytes.ShouldBeNull();
        _state.Sealed.Write(without with { HeadBytes = [] });
        _state.Sealed.Read()!.HeadBytes.ShouldBe([]);
        _state.Sealed.Write(without with { HeadBytes = [9, 0] });
        var read = _state.Sealed.Read()!;
        read.SnapshotBytes.ShouldBe([0, 1, 0]);
        read.HeadBytes.ShouldBe([9, 0]);
        (read.Seq, read.Id, read.Root).ShouldBe((3, Sample.Blob(1), Sample.Blob(2)));
        _state.Sealed.Clear();
        _state.Sealed.Read().ShouldBeNull();
    }

    [Fact]
    public void HeldDeletionsComeBackUntilCleared()
    {
        var held = new HeldDeletions("local", 60, 200, 70, 1_700_000_000_000);
        _state.Guard.Write(held);
        _state.Guard.Write(held with { Count = 61 });
        _state.Guard.Read().ShouldBe(held with { Count = 61 });
        var other = held with { Origin = "remote", Count = 5 };
        _state.Guard.Write(other);
        _state.Guard.Find(held.Origin).ShouldBe(held with { Count = 61 });
        _state.Guard.Clear(held.Origin);
        _state.Guard.Find(held.Origin).ShouldBeNull();
        _state.Guard.Read().ShouldBe(other);
    }

    [Fact]
    public void WhatIsOnTheFoldersDiskFollowsItsNumber()
    {
        static DiskSignature On(ulong device) => new(1, 2, 3, 4, device);
        foreach (var (path, device) in new[] { ("ours", 7UL), ("mounted", 9UL), ("mounted-too", 8UL) })
            _state.Records.Put(Sample.Record(path) with { Signature = On(device) });
        _state.FolderDisk.Read().ShouldBeNull();
        _state.FolderDisk.Write(7);
        _state.FolderDisk.MoveTo(8);
        _state.FolderDisk.Read().ShouldBe(8UL);
        _state.FolderDisk.HoldsBits().ShouldBeTrue();
        _state.FolderDisk.WriteHoldsBits(false);
        _state.FolderDisk.HoldsBits().ShouldBeFalse();
        _state.Records.Find(Sample.Path("ours"))!.Signature.ShouldBe(On(8));
        _state.Records.Find(Sample.Path("mounted"))!.Signature.ShouldBe(On(9));
        // It had the number that is the folder's now: it is not taken for a part of that.
        _state.Records.Find(Sample.Path("mounted-too"))!.Signature.ShouldBe(On(0));
    }
}
