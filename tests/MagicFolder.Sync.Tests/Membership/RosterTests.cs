using System.Collections.Immutable;
using System.Text;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;
using MagicFolder.State;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Membership;

public sealed class RosterTests
{
    private static readonly FolderId Folder = new(0xF01DE2);
    private static readonly MutableKeys Alice = MutableKeys.Generate();
    private static readonly MutableKeys Bob = MutableKeys.Generate();
    private static readonly ImmutableArray<byte> Nonce = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    private readonly Roster _roster = Read(Listed("alice", Alice), Listed("bob", Bob, isRemoved: true));

    [Theory]
    [InlineData(4, "new", null)]
    [InlineData(3, "seen", null)]
    [InlineData(3, "another", "two different versions 3")]
    [InlineData(2, "old", "rolled back")]
    public void TheNewestListThatWasSeenStaysInForce(long shown, string content, string? why)
    {
        var known = new SeenCollective(3, Encoding.UTF8.GetBytes("seen"));
        string? reason = RosterInForce.WhyNot(new MutableVersion(shown, Encoding.UTF8.GetBytes(content), default), known);
        if (why is null) reason.ShouldBeNull();
        else reason.ShouldNotBeNull().ShouldContain(why);
        RosterInForce.WhyNot(new MutableVersion(shown, Encoding.UTF8.GetBytes(content), default), null).ShouldBeNull();
    }

    [Fact]
    public void AStatementOfAParticipantVerifies() => _roster.Verify(Folder, StatementOf(Alice, 3));

    [Fact]
    public void AStatementOfARemovedParticipantStillVerifies() => _roster.Verify(Folder, StatementOf(Bob, 3));

    [Fact]
    public void SomebodyWhoIsNotListedIsRefused() => ShouldRefuse(Read(Listed("alice", Alice)), StatementOf(Bob, 3), "does not list");

    [Fact]
    public void AnActorThatIsNotDerivedFromThePersonalIsRefused() =>
        ShouldRefuse(_roster, StatementOf(Alice, 3) with { Actor = new ActorId(5) }, "does not belong to alice");

    [Fact]
    public void AnotherNumberThanTheSignedOneIsRefused() => ShouldRefuse(_roster, StatementOf(Alice, 3) with { Seq = 4 }, "does not verify");

    [Fact]
    public void AnotherSnapshotThanTheSignedOneIsRefused() =>
        ShouldRefuse(_roster, StatementOf(Alice, 3) with { Snapshot = BlobId.Of("another"u8) }, "does not verify");

    [Fact]
    public void AStatementForAnotherFolderIsRefused() =>
        Should.Throw<DamagedBytesException>(() => _roster.Verify(new FolderId(1), StatementOf(Alice, 3))).Reason.ShouldBe(DamageReason.BadSignature);

    [Fact]
    public void AStatementSignedByAnotherParticipantIsRefused()
    {
        var statement = StatementOf(Alice, 3);
        byte[] message = StatementMessage.For(Folder, statement.Actor, 3, statement.Snapshot);

        ShouldRefuse(_roster, statement with { Signature = [.. Bob.SignStatement(message)] }, "does not verify");
    }

    [Fact]
    public void ACollectiveOfAnotherFolderIsRefused() =>
        Should.Throw<DamagedBytesException>(() => Roster.Read(Encoded(Listed("alice", Alice)), new FolderId(1))).Reason.ShouldBe(DamageReason.Malformed);

    [Fact]
    public void AParticipantListedWithAKeyThatIsNotItsOwnIsRefused()
    {
        var forged = new Participant("alice", ParticipantRole.ReadWrite, Alice.ToWriteCap().ToReadCap(), [.. Bob.PublicKey.Span], isRemoved: false);

        Should.Throw<DamagedBytesException>(() => Read(forged)).Reason.ShouldBe(DamageReason.BadSignature);
    }

    [Fact]
    public void OneKeyThatIsListedTwiceIsRefused()
    {
        var another = Alice.ToWriteCap().ToReadCap() with { ReadKey = ReadKey.From(new byte[16]) };
        var twice = new Participant("al", ParticipantRole.ReadWrite, another, [.. Alice.PublicKey.Span], isRemoved: false);

        Should.Throw<DamagedBytesException>(() => Read(Listed("alice", Alice), twice)).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void AnActorIsKnownByThePetnameOfItsPersonal()
    {
        _roster.PetnameOf(StatementOf(Bob, 1)).ShouldBe("bob");
        _roster.PetnameOf(null).ShouldBeNull();
        Read(Listed("alice", Alice)).PetnameOf(StatementOf(Bob, 1)).ShouldBeNull();
    }

    private static void ShouldRefuse(Roster roster, Observation statement, string why)
    {
        var error = Should.Throw<DamagedBytesException>(() => roster.Verify(Folder, statement));
        error.Reason.ShouldBe(DamageReason.BadSignature);
        error.Message.ShouldContain(why);
    }

    private static Observation StatementOf(MutableKeys keys, long seq)
    {
        byte[] fingerprint = keys.Fingerprint.ToArray();
        var actor = ActorId.Derive(fingerprint, Nonce.AsSpan());
        var snapshot = BlobId.Of("a snapshot"u8);
        return new Observation(actor, seq, snapshot, Nonce, [.. fingerprint], [.. keys.SignStatement(StatementMessage.For(Folder, actor, seq, snapshot))]);
    }

    private static Participant Listed(string petname, MutableKeys keys, bool isRemoved = false) =>
        new(petname, ParticipantRole.ReadWrite, keys.ToWriteCap().ToReadCap(), [.. keys.PublicKey.Span], isRemoved);

    private static Roster Read(params ImmutableArray<Participant> participants) => Roster.Read(Encoded(participants), Folder);

    private static byte[] Encoded(params ImmutableArray<Participant> participants) =>
        new Collective(Folder, "folder", new ChunkingKey(new byte[ChunkingKey.Length]), Collective.DefaultPackSize, participants).Encode();
}
