using System.Buffers.Binary;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Pulling;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>A member that makes up actors: each is derived from its own key, and so are the statements.</summary>
public sealed class HostileActorTests
{
    [Fact]
    public async Task AMemberWithAsManyActorsAsASnapshotHoldsKeepsNobodyFromPublishing()
    {
        using var world = await HostileWorld.StartAsync();
        await PublishAsync(world, Snapshot.MaxObserved);

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains("mallory"));
        world.Cast.World.Names("bob").ShouldNotContain("d");
    }

    [Fact]
    public async Task AMemberThatHasLostItsStateOftenIsTaken()
    {
        using var world = await HostileWorld.StartAsync();
        await PublishAsync(world, ObservedRoom.MostOfOne - 1);

        (await world.RunHonestlyAsync()).ShouldBeEmpty();

        world.Cast.World.Names("bob").ShouldContain("d");
    }

    [Fact]
    public void OfOneParticipantOnlySomeActorsAreTakenFromItself()
    {
        Should.NotThrow(() => Require(Observed.None, Seen(1, 1, ObservedRoom.MostOfOne - 1)));
        Should.Throw<DamagedBytesException>(() => Require(Observed.None, Seen(1, 1, ObservedRoom.MostOfOne))).Message.ShouldContain("mallory");
        Should.Throw<DamagedBytesException>(() => Require(Seen(1, 1, ObservedRoom.MostOfOne), Observed.None));
        // Others may have been told of other ones, and are not to blame.
        Should.NotThrow(() => Require(Seen(2, 1000, ObservedRoom.MostOfOne), Seen(2, 2000, ObservedRoom.MostOfOne)));
    }

    [Fact]
    public void WhatBringsNoNewActorIsTakenHoweverManyThereAre()
    {
        var many = Seen(2, 1000, Snapshot.MaxObserved).With(Statement(1, 0, 1));

        Should.NotThrow(() => Require(many, many.Without(new ActorId(0)), seq: 2));
        Should.Throw<DamagedBytesException>(() => Require(many, many.With(Statement(3, 77_777, 1)), seq: 2)).Message.ShouldContain("mallory");
    }

    [Fact]
    public void WhateverIsTakenCanBePublished()
    {
        Should.NotThrow(() => Require(Observed.None, Seen(2, 1000, ObservedRoom.Most - 1)));
        Should.Throw<DamagedBytesException>(() => Require(Observed.None, Seen(2, 1000, ObservedRoom.Most)));
        var full = Seen(2, 1000, Snapshot.MaxObserved, long.MaxValue);
        Should.NotThrow(() => Snapshot.Decode(new Snapshot(new FolderId(1), default, new ActorId(9), long.MaxValue, long.MinValue, default(BlobId), full).Encode()));
    }

    /// <summary>Actor 0, of party 1, publishes what has seen these.</summary>
    private static void Require(Observed known, Observed seen, long seq = 1) => ObservedRoom.Require(
        "mallory", known, new Snapshot(new FolderId(1), default, new ActorId(0), seq, 0, null, seen.Without(new ActorId(0))), Statement(1, 0, seq));

    private static Observed Seen(byte party, int first, int count, long seq = 1) =>
        Enumerable.Range(first, count).Aggregate(Observed.None, (seen, actor) => seen.With(Statement(party, actor, seq)));

    private static Observation Statement(byte party, int actor, long seq) => new(
        new ActorId((UInt128)actor), seq, default, [.. new byte[16]], [.. Enumerable.Repeat(party, 32)], [.. new byte[Tahoe.Mutable.StatementSignature.Length]]);

    /// <summary>A directory "d", by a member that says it has been so many actors before.</summary>
    private static async Task PublishAsync(HostileWorld world, int actors)
    {
        byte[] leaf = world.Mallory.NewLeaf().Directory("d"u8.ToArray()).ToArray();
        var pack = new CraftedPack();
        await world.Mallory.PublishRootAsync(BlobId.Of(leaf), pack, pack.AddFramed(leaf), Enumerable.Range(1, actors).Aggregate(Observed.None, (seen, i) => seen.With(Former(world, i))));
    }

    private static Observation Former(HostileWorld world, int number)
    {
        byte[] nonce = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(nonce, number);
        byte[] fingerprint = world.Mallory.Keys.Fingerprint.ToArray();
        var actor = ActorId.Derive(fingerprint, nonce);
        var snapshot = BlobId.Of(nonce);
        return new Observation(actor, 1, snapshot, [.. nonce], [.. fingerprint], [.. world.Mallory.Keys.SignStatement(StatementMessage.For(world.Cast.World.Folder.Folder, actor, 1, snapshot))]);
    }
}
