using System.Globalization;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Inviting;

namespace MagicFolder.Sync.Tests.Inviting;

public sealed class RedactionTests
{
    [Fact]
    public async Task WhatMayStandInALogHoldsNoSecret()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        var join = await world.AnswerAsync("bob", invite.Code!.Reveal());
        var membership = new InviteMembership(world.World.Folder.Folder, world.World.Folder.Collective.ReadCap, "bob", ParticipantRole.ReadWrite);
        object[] all =
        [
            invite, invite.Code, invite.Secrets!, join, membership, new InviteReply(membership, null), world.World.Folder, world.World.Folder.Collective,
            AnswerSlot.Answered([1]), new ReplySlot([1], [2]), await world.PickUpAsync(), (await world.LookAsync("bob"))!,
        ];

        string text = string.Join('\n', all.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one}")));

        text.ShouldNotContain("URI:");
        text.ShouldNotContain("magic1-");
        text.ShouldNotContain("SSK:");
    }
}
