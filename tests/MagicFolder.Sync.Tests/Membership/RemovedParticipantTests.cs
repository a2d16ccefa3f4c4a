using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Tests.Identity;

namespace MagicFolder.Sync.Tests.Membership;

public sealed class RemovedParticipantTests
{
    [Fact]
    public async Task VersionsOfARemovedParticipantStayAndItsLaterOnesAreNotTaken()
    {
        using var cast = await Cast.StartAsync("alice", "bob", "carol");
        cast.World.Write("carol", "of-carol", "before");
        (await cast.RunAsync("alice", "bob", "carol")).ShouldBeEmpty();

        await RemoveAsync(cast, "carol");
        cast.World.Write("carol", "of-carol", "after");
        await cast.RunAsync("carol");
        cast.World.Write("alice", "of-alice", "new");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.World.Read("bob", "of-carol").ShouldBe("before");
        cast.World.Read("bob", "of-alice").ShouldBe("new");
    }

    [Fact]
    public async Task WhatOthersHadSeenOfARemovedParticipantStillVerifies()
    {
        using var cast = await Cast.StartAsync("alice", "bob", "carol");
        cast.World.Write("carol", "of-carol", "only alice saw it");
        (await cast.RunAsync("carol", "alice")).ShouldBeEmpty();

        await RemoveAsync(cast, "carol");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.World.Read("bob", "of-carol").ShouldBe("only alice saw it");
    }

    private static async Task RemoveAsync(Cast cast, string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        var cap = cast.World.Folder.Collective.WriteCap!;
        var version = await cast.World.Grid.ReadMutableAsync(cap.ToReadCap(), cancel);
        var collective = Collective.Decode(version.Content);
        var listed = collective.Participants.Select(participant => participant.Petname == name ? participant with { IsRemoved = true } : participant);
        await cast.World.Grid.PublishMutableAsync(cap, version.Seqnum, collective.With([.. listed]).Encode(), cancel);
    }
}
