using System.Formats.Cbor;
using System.Text;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Inviting;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Inviting;

/// <summary>Whoever has a code may write anything as the answer.</summary>
public sealed class HostileAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("garbage")]
    [InlineData("newer format")]
    [InlineData("long")]
    [InlineData("huge")]
    [InlineData("not sealed")]
    [InlineData("sealed to another")]
    [InlineData("closed by somebody")]
    [InlineData("signed by another")]
    [InlineData("another's Personal")]
    [InlineData("signed for another invite")]
    [InlineData("no reply key")]
    [InlineData("a write cap")]
    [InlineData("an MDMF Personal")]
    public async Task NobodyIsAddedAndTheOthersGoOn(string what)
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        await world.AnswerAsync("carol", await world.CodeForAsync("carol"));
        await WriteAsync(world, invite, Content(world, invite, what));

        var pass = await world.PickUpAsync();

        pass.Problems.ShouldBeEmpty();
        var refused = pass.Changed.Single(one => one.Petname == "bob");
        (refused.State, refused.Refusal, refused.IsSettled).ShouldBe((InviteState.Refused, InviteRefusal.InvalidAnswer, true));
        refused.Outcome!.ShouldContain("the code was in wrong hands");
        (await world.ListedAsync()).ShouldBe(["alice", "carol"]);
        (await world.LookAsync("carol")).ShouldNotBeNull();
        (await world.PickUpAsync()).Changed.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASoundAnswerMadeByTheSameMeansIsTaken()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        await WriteAsync(world, invite, Content(world, invite, "sound"));

        (await world.PickUpAsync()).Changed.Single().State.ShouldBe(InviteState.Joined);
    }

    [Fact]
    public async Task SomebodyWhoTakesPartAlreadyIsNotListedTwice()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        using var alice = MutableKeys.FromPkcs8(world.World.Participant("alice").PersonalKey.AsSpan());
        await WriteAsync(world, invite, AnswerSlot.Answered(Answer(invite, alice, alice, alice.ToWriteCap().ToReadCap().ToUriString())).Encode());

        (await world.PickUpAsync()).Changed.Single().Refusal.ShouldBe(InviteRefusal.AlreadyListed);

        (await world.ListedAsync()).ShouldBe(["alice"]);
    }

    [Fact]
    public async Task OneKeyIsOneParticipantWhateverElseItsCapSays()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        using var alice = MutableKeys.FromPkcs8(world.World.Participant("alice").PersonalKey.AsSpan());
        var another = alice.ToWriteCap().ToReadCap() with { ReadKey = ReadKey.From(new byte[16]) };
        await WriteAsync(world, invite, AnswerSlot.Answered(Answer(invite, alice, alice, another.ToUriString())).Encode());

        (await world.PickUpAsync()).Changed.Single().Refusal.ShouldBe(InviteRefusal.AlreadyListed);

        (await world.SyncAsync("alice")).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoeverIsOverwrittenBeforeTheAdminLooksIsToldSo()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        await world.AnswerAsync("honest", invite.Code!.Reveal());
        await WriteAsync(world, invite, Content(world, invite, "sound"));

        (await Should.ThrowAsync<RefusedException>(() => world.LookAsync("honest"))).Message.ShouldContain("was used already");
        var picked = (await world.PickUpAsync()).Changed.Single();

        (await Should.ThrowAsync<RefusedException>(() => world.LookAsync("honest"))).Message.ShouldContain("has replied to somebody else");
        picked.Fingerprint.ShouldNotBe(PendingJoin.Find(world.StateOf("honest"))!.Fingerprint);
    }

    [Fact]
    public async Task WhateverIsWrittenAfterAnAnswerWasTakenCountsForNothing()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        await world.AnswerAsync("honest", invite.Code!.Reveal());
        world.AdminGrid.WritesLeft = 0;
        await Should.ThrowAsync<FailingGrid.DeathException>(world.PickUpAsync);
        world.AdminGrid.WritesLeft = null;
        await WriteAsync(world, invite, Content(world, invite, "sound"));

        await world.PickUpAsync();

        (await world.LookAsync("honest")).ShouldNotBeNull();
    }

    [Fact]
    public async Task TheStoredAnswerShowsNothingToWhoeverHasOnlyTheCode()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        var join = await world.AnswerAsync("bob", invite.Code!.Reveal());
        using var keys = MutableKeys.FromPkcs8(join.PersonalKey.AsSpan());
        var stored = await world.World.Grid.ReadMutableAsync(invite.Code.Answer.ToReadCap(), Cancel);

        Encoding.Latin1.GetString(stored.Content.Span).ShouldNotContain("URI:");
        stored.Content.Span.IndexOf(keys.PublicKey.Span).ShouldBe(-1);
    }

    private static byte[] Content(InviteWorld world, PendingInvite invite, string what)
    {
        using var mine = world.NextKeys();
        using var another = world.NextKeys();
        string personal = mine.ToWriteCap().ToReadCap().ToUriString();
        return what switch
        {
            "garbage" => [1, 2, 3],
            "newer format" => [0x83, 2, 0, 0x41, 1],
            "long" => new AnswerSlot([.. new byte[5000]], null).Encode(),
            "huge" => new byte[3_000_000],
            "not sealed" => AnswerSlot.Answered(Encoding.UTF8.GetBytes(personal)).Encode(),
            "sealed to another" => AnswerSlot.Answered(Answer(invite, mine, mine, personal, adminKey: Hpke.PublicKeyOf(Key(7)))).Encode(),
            "closed by somebody" => AnswerSlot.ClosedFor(InviteRefusal.Expired).Encode(),
            "signed by another" => AnswerSlot.Answered(Answer(invite, mine, another, personal)).Encode(),
            "another's Personal" => AnswerSlot.Answered(Answer(invite, mine, mine, another.ToWriteCap().ToReadCap().ToUriString())).Encode(),
            "signed for another invite" => AnswerSlot.Answered(Answer(invite, mine, mine, personal, id: new byte[16])).Encode(),
            "no reply key" => AnswerSlot.Answered(Answer(invite, mine, mine, personal, replyKey: [4, .. new byte[64]])).Encode(),
            "a write cap" => AnswerSlot.Answered(Answer(invite, mine, mine, mine.ToWriteCap().ToUriString())).Encode(),
            "an MDMF Personal" => AnswerSlot.Answered(Answer(invite, mine, mine, mine.ToWriteCap(MutableFormat.Mdmf).ToReadCap().ToUriString())).Encode(),
            "sound" => AnswerSlot.Answered(Answer(invite, mine, mine, personal)).Encode(),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    /// <summary>An answer made from its specification, as somebody would who does not use this program.</summary>
    private static byte[] Answer(PendingInvite invite, MutableKeys named, MutableKeys signer, string personal, byte[]? adminKey = null, byte[]? id = null, byte[]? replyKey = null)
    {
        byte[] reply = replyKey ?? Hpke.PublicKeyOf(Key(8));
        byte[] key = named.PublicKey.ToArray();
        byte[] trueId = Convert.FromHexString(invite.Id);
        byte[] statement = [.. "magic-folder-invite-answer-v1\n"u8, .. Cbor(4, writer => Items(writer, id ?? trueId))];
        byte[] signature = signer.SignStatement(statement);
        byte[] plain = Cbor(5, writer =>
        {
            writer.WriteInt32(1);
            Items(writer, null);
            writer.WriteByteString(signature);
        });
        return Hpke.Seal(adminKey ?? Hpke.PublicKeyOf(invite.Secrets!.SealKey.AsSpan()), [.. "magic-folder-invite-answer-v1\n"u8, .. trueId], plain, Key(9));

        void Items(CborWriter writer, byte[]? first)
        {
            if (first is not null) writer.WriteByteString(first);
            writer.WriteTextString(personal);
            writer.WriteByteString(key);
            writer.WriteByteString(reply);
        }
    }

    private static byte[] Cbor(int count, Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(count);
        write(writer);
        writer.WriteEndArray();
        return writer.Encode();
    }

    private static byte[] Key(byte seed) => Hpke.DerivePrivateKey([.. Enumerable.Repeat(seed, 32)]);

    private static async Task WriteAsync(InviteWorld world, PendingInvite invite, byte[] content)
    {
        var cap = invite.Code!.Answer;
        var found = await world.World.Grid.ReadMutableAsync(cap.ToReadCap(), Cancel);
        await world.World.Grid.PublishMutableAsync(cap, found.Seqnum, content, Cancel);
    }
}
