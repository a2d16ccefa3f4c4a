using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Inviting;

/// <summary>Only the admin writes the reply. It may be mistaken, or not the one whom the invitee trusts.</summary>
public sealed class HostileReplyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("another petname")]
    [InlineData("another role")]
    [InlineData("another folder")]
    [InlineData("another folder's Collective")]
    [InlineData("a Personal as Collective")]
    public async Task AReplyAboutSomethingElseThanTheInviteIsNotTaken(string what)
    {
        using var world = await InviteWorld.StartAsync();
        var sound = new InviteMembership(world.World.Folder.Folder, world.World.Folder.Collective.ReadCap, "bob", ParticipantRole.ReadWrite);
        var forged = what switch
        {
            "another petname" => sound with { Petname = "alice" },
            "another role" => sound with { Role = ParticipantRole.ReadOnly },
            "another folder" => sound with { Folder = new FolderId(1) },
            "another folder's Collective" => sound with { Collective = await AnotherAsync(world) },
            _ => sound with { Collective = (await world.CollectiveAsync()).Participants[0].Personal },
        };
        await world.AnswerAsync("bob", await ReplyAsync(world, new InviteReply(forged, null)));

        await Should.ThrowAsync<DamagedBytesException>(() => world.LookAsync("bob"));

        File.Exists(Path.Combine(world.StateOf("bob"), FolderConfiguration.FileName)).ShouldBeFalse();
    }

    [Fact]
    public void AReplyIsBoundToTheAnswerAndTheInvite()
    {
        var reply = new InviteReply(null, InviteRefusal.Full);
        byte[] key = Hpke.DerivePrivateKey(new byte[32]);
        ImmutableArray<byte> invite = [.. new byte[InviteCode.IdLength]], another = [1, .. new byte[InviteCode.IdLength - 1]];
        byte[] message = reply.Seal(invite, [1, 2], Hpke.PublicKeyOf(key), Hpke.DerivePrivateKey([.. Enumerable.Repeat((byte)1, 32)]));

        InviteReply.Open(invite, [1, 2], key, message).ShouldBe(reply);
        Should.Throw<DamagedBytesException>(() => InviteReply.Open(invite, [1, 3], key, message));
        Should.Throw<DamagedBytesException>(() => InviteReply.Open(another, [1, 2], key, message));
    }

    [Fact]
    public async Task WhoeverIsNotListedYetWaits()
    {
        using var world = await InviteWorld.StartAsync();
        var sound = new InviteMembership(world.World.Folder.Folder, world.World.Folder.Collective.ReadCap, "bob", ParticipantRole.ReadWrite);
        await world.AnswerAsync("bob", await ReplyAsync(world, new InviteReply(sound, null)));

        (await world.LookAsync("bob")).ShouldBeNull();
    }

    [Fact]
    public async Task ARefusalThatThisProgramDoesNotKnowIsStillARefusal()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await ReplyAsync(world, new InviteReply(null, (InviteRefusal)77)));

        (await Should.ThrowAsync<RefusedException>(() => world.LookAsync("bob"))).Message.ShouldContain("ask the admin for a new code");
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[0])]
    public async Task AnOfferThatIsNoneIsNotAnswered(byte[] content)
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        using var keys = MutableKeys.FromPkcs8(invite.Secrets!.ReplyKey.AsSpan());
        await world.World.Grid.PublishMutableAsync(keys.ToWriteCap(), 1, content, Cancel);

        await Should.ThrowAsync<DamagedBytesException>(() => world.AnswerAsync("bob", invite.Code!.Reveal()));

        (await world.World.Grid.ReadMutableAsync(invite.Code!.Answer.ToReadCap(), Cancel)).Content.IsEmpty.ShouldBeTrue();
    }

    /// <summary>The code of an invite whose answer is going to be replied to in this way as soon as it is there.</summary>
    private static async Task<string> ReplyAsync(InviteWorld world, InviteReply reply)
    {
        var invite = await world.InviteAsync("bob");
        world.OtherGrid.AfterPublish = async () =>
        {
            var found = await world.World.Grid.ReadMutableAsync(invite.Code!.Answer.ToReadCap(), Cancel);
            var sealedAnswer = AnswerSlot.Decode(found.Content).Answer;
            var answer = InviteAnswer.Open(invite.Code.Id, invite.Secrets!.SealKey.AsSpan(), sealedAnswer.AsSpan());
            byte[] message = reply.Seal(invite.Code.Id, sealedAnswer.AsSpan(), answer.ReplyKey.AsSpan(), Hpke.DerivePrivateKey(new byte[32]));
            using var keys = MutableKeys.FromPkcs8(invite.Secrets.ReplyKey.AsSpan());
            await world.World.Grid.PublishMutableAsync(keys.ToWriteCap(), 1, new ReplySlot([.. Hpke.PublicKeyOf(invite.Secrets.SealKey.AsSpan())], [.. message]).Encode(), Cancel);
        };
        return invite.Code!.Reveal();
    }

    private static async Task<Tahoe.Capabilities.MutableReadCap> AnotherAsync(InviteWorld world)
    {
        using var keys = world.NextKeys();
        var participants = (await world.CollectiveAsync()).Participants;
        var collective = new Collective(new FolderId(99), "another", new ChunkingKey(new byte[ChunkingKey.Length]), Collective.DefaultPackSize, participants);
        await world.World.Grid.CreateMutableAsync(keys, collective.Encode(), Cancel);
        return keys.ToWriteCap().ToReadCap();
    }
}
