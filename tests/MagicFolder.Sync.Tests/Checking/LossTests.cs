using MagicFolder.Model.Blobs;
using MagicFolder.State;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Checking;

/// <summary>What is lost for good is named exactly.</summary>
public sealed class LossTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALostPackNamesExactlyTheVersionsInItOlderOnesIncluded(bool isSpread)
    {
        using var stored = await StoredWorld.StartAsync(isSpread, "alice", "bob");
        string[] first = await stored.StoreAsync("alice", "d/x");
        await stored.StoreAsync("bob", "d/x");
        string[] other = await stored.StoreAsync("bob", "deleted");
        stored.World.Delete("alice", "deleted");
        await stored.World.SyncAsync();
        await stored.StoreAsync("alice", "well");

        foreach (string share in first) File.Delete(share);
        ShouldLose(await stored.CheckAsync(), ("d/x", "alice", false));
        foreach (string share in other) StoredWorld.Flip(share);
        var check = await stored.CheckAsync("bob", repair: true);

        ShouldLose(check, ("d/x", "alice", false), ("deleted", "bob", false));
        check.Objects.Count(one => !one.Last.IsRecoverable).ShouldBe(2);
        check.Objects.Where(one => !one.Last.IsRecoverable).ShouldAllBe(one => one.IsNeeded && one.Trouble != null);
        check.Objects.Count(one => one.Last.IsHealthy).ShouldBe(check.Objects.Length - 2);
    }

    [Fact]
    public async Task WhatIsLostMayStillBeOnTheDisk()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        string pack = (await stored.StoreAsync("alice", "x")).ShouldHaveSingleItem();
        File.Copy(stored.World.At("alice", "x"), stored.World.At("alice", "copy"));
        await stored.World.SyncAsync();
        StoredWorld.Flip(pack);

        ShouldLose(await stored.CheckAsync(), ("copy", "alice", true), ("x", "alice", true));
        stored.World.Write("alice", "x", "changed");
        stored.World.Delete("alice", "copy");
        ShouldLose(await stored.CheckAsync(), ("copy", "alice", false), ("x", "alice", false));
    }

    [Fact]
    public async Task VersionsInConflictAreLookedAt()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        stored.World.Write("alice", "x", "first");
        await stored.World.SyncAsync();
        stored.WriteLarge("alice", "x");
        string[] before = stored.Packs();
        stored.WriteLarge("bob", "x");
        await stored.World.SyncAsync();
        var packs = stored.Packs().Except(before).Where(share => new FileInfo(share).Length > 100_000).ToArray();
        packs.Length.ShouldBe(2);

        foreach (string pack in packs) File.Delete(pack);

        var check = await stored.CheckAsync();
        check.LostVersions.Select(lost => (lost.Path.ToString(), lost.Version.Participant)).Order().ShouldBe([("x", "alice"), ("x", "bob")]);
        check.Versions.ShouldBe(3);
    }

    [Fact]
    public async Task ALargeContentIsLostWithOneOfItsChunks()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        byte[] bytes = new byte[40_000_000];
        Viewing.EmbeddedWorld.Random.Fill(bytes);
        File.WriteAllBytes(stored.World.At("alice", "huge"), bytes);
        stored.World.Write("alice", "small", "small");
        await stored.World.SyncAsync();
        (await stored.CheckAsync("bob")).IsHealthy.ShouldBeTrue();

        StoredWorld.Flip(stored.Packs().First(share => new FileInfo(share).Length > 10_000_000));

        ShouldLose(await stored.CheckAsync(), ("huge", "alice", true));
        ShouldLose(await stored.CheckAsync("bob"), ("huge", "alice", true));
    }

    [Fact]
    public async Task ALostTreeIsToldWithItsSnapshotsAndWhatItHoldsIsLookedAtWhereItIsKnown()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        await stored.StoreAsync("alice", "x");
        string[] before = stored.Packs();
        string[] content = await stored.StoreAsync("alice", "y");
        // Alice's holds the tree, bob's only a snapshot that refers to it.
        File.Delete(stored.Packs().Except(before).Except(content).OrderBy(pack => new FileInfo(pack).Length).Last());

        var check = await stored.CheckAsync();
        check.LostSnapshots.Select(lost => (lost.Participant, lost.Seq)).ShouldBe([("alice", 2)]);
        check.LostSnapshots[0].TimeMs.ShouldBeGreaterThan(0);
        check.LostTrees.Select(lost => (lost.Snapshot.Participant, lost.Snapshot.Seq, lost.After, lost.Last)).ShouldBe([("bob", 2, null, null)]);
        check.LostVersions.ShouldBeEmpty();
        check.Versions.ShouldBe(2);
        check.IsReadable.ShouldBeFalse();

        File.Delete(content.ShouldHaveSingleItem());
        (await stored.CheckAsync("bob")).LostVersions.ShouldHaveSingleItem().Path.ToString().ShouldBe("y");
    }

    [Fact]
    public async Task APartOfATreeThatIsLostIsToldByThePathsAroundIt()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        for (int i = 100; i < 500; i++) stored.World.Write("alice", $"{i}", $"{i}");
        await stored.World.SyncAsync();
        string[] before = stored.Packs();
        stored.World.Write("alice", "499", "edited");
        await stored.World.SyncAsync();
        // Of the first sync the largest pack but that with the contents: it is the one with the tree.
        string tree = before.OrderBy(pack => new FileInfo(pack).Length).Last();
        File.Delete(tree);

        var check = await stored.CheckAsync();

        var parts = check.LostTrees.Where(lost => lost.Snapshot is { Participant: "alice", Seq: 2 }).ToArray();
        parts.Length.ShouldBeGreaterThan(1);
        parts[0].After.ShouldBeNull();
        parts[^1].Last.ShouldNotBeNull().ToString().CompareTo("499", StringComparison.Ordinal).ShouldBeLessThan(0);
        for (int i = 1; i < parts.Length; i++) parts[i].After.ShouldNotBeNull().CompareTo(parts[i - 1].Last!.Value).ShouldBeGreaterThanOrEqualTo(0);
        check.LostTrees.ShouldContain(lost => lost.Snapshot.Participant == "bob");
        check.LostSnapshots.Select(lost => (lost.Participant, lost.Seq)).ShouldBe([("alice", 1)]);
        check.Versions.ShouldBeGreaterThanOrEqualTo(400, "this participant still knows its current tree");
    }

    [Fact]
    public async Task AHeadThatIsNoHeadIsReported()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        stored.World.Write("bob", "x", "bob's");
        await stored.World.SyncAsync();
        using var keys = Tahoe.Mutable.MutableKeys.FromPkcs8(stored.World.Participant("bob").PersonalKey.AsSpan());
        var found = await stored.World.Grid.ReadMutableAsync(keys.ToWriteCap().ToReadCap(), TestContext.Current.CancellationToken);
        await stored.World.Grid.PublishMutableAsync(keys.ToWriteCap(), found.Seqnum, new byte[100], TestContext.Current.CancellationToken);

        var check = await stored.CheckAsync();

        check.Problems.ShouldHaveSingleItem().Path.ShouldBe("bob");
        check.Objects.ShouldAllBe(one => one.Last.IsHealthy);
        check.Versions.ShouldBe(1);
        check.IsReadable.ShouldBeFalse();
    }

    [Fact]
    public async Task TheHistoryOfARemovedParticipantIsLookedAt()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob", "carol");
        string pack = (await stored.StoreAsync("carol", "x")).ShouldHaveSingleItem();
        stored.World.Write("alice", "x", "alice's");
        await stored.World.SyncAsync();
        var cap = stored.World.Folder.Collective.WriteCap!;
        var version = await stored.World.Grid.ReadMutableAsync(cap.ToReadCap(), TestContext.Current.CancellationToken);
        var collective = Snapshots.Heads.Collective.Decode(version.Content);
        var listed = collective.Participants.Select(participant => participant.Petname == "carol" ? participant with { IsRemoved = true } : participant);
        await stored.World.Grid.PublishMutableAsync(cap, version.Seqnum, collective.With([.. listed]).Encode(), TestContext.Current.CancellationToken);
        (await stored.CheckAsync()).IsHealthy.ShouldBeTrue();

        File.Delete(pack);
        StoredWorld.Flip(stored.PersonalOf("carol").ShouldHaveSingleItem());

        var check = await stored.CheckAsync();
        check.LostVersions.Select(one => (one.Path.ToString(), one.Version.Participant)).ShouldBe([("x", "carol")]);
        check.Problems.ShouldHaveSingleItem().Path.ShouldBe("carol");
    }

    [Fact]
    public async Task AHeadThatCannotBeReadIsReportedAndWhatIsKnownOfItsHistoryIsLookedAt()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        stored.World.Write("bob", "x", "bob's");
        await stored.World.SyncAsync();
        await stored.StoreAsync("bob", "y");
        int snapshots = (await stored.CheckAsync()).Snapshots;
        StoredWorld.Flip(stored.PersonalOf("bob").ShouldHaveSingleItem());

        foreach (string who in (string[])["alice", "bob"])
        {
            var check = await stored.CheckAsync(who);
            check.Problems.ShouldHaveSingleItem().Path.ShouldBe("bob");
            check.Objects.Where(one => !one.Last.IsHealthy).ShouldHaveSingleItem().Participant.ShouldBe("bob");
            check.Snapshots.ShouldBe(snapshots);
            check.IsReadable.ShouldBeFalse();
        }

        await stored.World.SyncAsync();
        (await stored.CheckAsync()).IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task AHeadThatWasRolledBackIsReported()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        stored.World.Write("bob", "x", "bob's");
        await stored.World.SyncAsync();
        string head = stored.PersonalOf("bob").ShouldHaveSingleItem();
        byte[] old = await File.ReadAllBytesAsync(head, TestContext.Current.CancellationToken);
        stored.World.Write("bob", "x", "bob's second");
        await stored.World.SyncAsync();
        await File.WriteAllBytesAsync(head, old, TestContext.Current.CancellationToken);

        (await stored.CheckAsync()).Problems.ShouldHaveSingleItem().Reason.ShouldContain("rolled back");
        (await stored.CheckAsync("bob")).Problems.ShouldHaveSingleItem().Reason.ShouldContain("rolled back");
    }

    [Fact]
    public async Task ALostCollectiveIsReportedAndTheLastKnownStandsIn()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        await stored.StoreAsync("alice", "x");
        File.Delete(stored.Collective().ShouldHaveSingleItem());

        var check = await stored.CheckAsync();

        check.Participants.ShouldBe(2);
        check.Versions.ShouldBe(1);
        check.Problems.ShouldHaveSingleItem().Path.ShouldBe("the list of participants");
        check.IsReadable.ShouldBeFalse();
    }

    [Fact]
    public async Task ADeadPlaceOfWhatLiesElsewhereIsNoLoss()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        string pack = (await stored.StoreAsync("alice", "x")).ShouldHaveSingleItem();
        var content = BlobId.Of(await File.ReadAllBytesAsync(stored.World.At("alice", "x"), TestContext.Current.CancellationToken));
        var key = AesKey.From(new byte[16]);
        using (var state = ParticipantDatabase.Open(FolderConfiguration.DatabaseFile(stored.World.StateDirectory, "alice")))
        {
            var place = state.Blobs.Find(content).ShouldHaveSingleItem();
            var dead = Cap.Parse<ChkCap>(place.Pack.Reveal());
            state.Blobs.Check(content, place with { Pack = new PackRef(new ChkCap(key, dead.UebHash, dead.K, dead.N, dead.Size).ToUriString()) });
        }

        var check = await stored.CheckAsync();
        check.IsHealthy.ShouldBeTrue();
        check.Objects.Where(one => !one.Last.IsRecoverable).ShouldHaveSingleItem().IsNeeded.ShouldBeFalse();
        File.Delete(pack);
        (await stored.CheckAsync()).IsReadable.ShouldBeFalse();
    }

    private static void ShouldLose(FolderCheck check, params (string Path, string Participant, bool IsOnDisk)[] lost)
    {
        check.LostVersions.Select(one => (one.Path.ToString(), one.Version.Participant, one.IsOnDisk)).ShouldBe(lost);
        check.LostTrees.ShouldBeEmpty();
        check.LostSnapshots.ShouldBeEmpty();
        check.IsReadable.ShouldBeFalse();
    }
}
