using MagicFolder.Sync.Inviting;

namespace MagicFolder.Sync.Tests.Inviting;

public sealed class RemovalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoeverIsRemovedStopsAndItsVersionsStay()
    {
        using var world = await InviteWorld.StartAsync();
        await world.JoinAsync("bob");
        world.Write("bob", "note", "from bob");
        await world.SyncAsync("bob");
        await world.SyncAsync("alice");

        await RemoveAsync(world, "bob");
        world.Write("bob", "note", "after that");
        world.Write("alice", "letter", "from alice");
        (await world.SyncAsync("alice")).ShouldBeEmpty();

        (await world.SyncAsync("bob")).ShouldBe(["bob: bob was removed from folder by its admin: nothing is synchronized any more. Its files stay as they are; ask the admin for an invite to take part again."]);
        (await world.SyncAsync("alice")).ShouldBeEmpty();
        world.Read("alice", "note").ShouldBe("from bob");
        world.Read("bob", "note").ShouldBe("after that");
        world.Read("bob", "letter").ShouldBeNull();
        (await world.ListedAsync()).ShouldBe(["alice", "(bob)"]);
    }

    [Fact]
    public async Task ARemovedComputerMayJoinAnewUnderAnotherName()
    {
        using var world = await InviteWorld.StartAsync();
        await world.JoinAsync("bob");
        await RemoveAsync(world, "bob");

        (await Should.ThrowAsync<RefusedException>(() => world.InviteAsync("bob"))).Message.ShouldContain("a participant that was removed");
        await world.JoinAsync("bob-2");
        world.Write("bob-2", "note", "again");

        (await world.SyncAsync("bob-2")).ShouldBeEmpty();
        (await world.SyncAsync("alice")).ShouldBeEmpty();
        world.Read("alice", "note").ShouldBe("again");
    }

    [Fact]
    public async Task RemovingTwiceIsRemovingOnce()
    {
        using var world = await InviteWorld.StartAsync();
        await world.JoinAsync("bob");
        await RemoveAsync(world, "bob");

        await RemoveAsync(world, "bob");

        (await world.ListedAsync()).ShouldBe(["alice", "(bob)"]);
    }

    [Fact]
    public async Task NobodyElseIsRemovedByMistake()
    {
        using var world = await InviteWorld.StartAsync();
        await world.JoinAsync("bob");

        (await Should.ThrowAsync<RefusedException>(() => RemoveAsync(world, "Bob"))).Message.ShouldBe("Nobody in folder is called Bob; there are alice, bob.");
    }

    [Fact]
    public async Task WhoeverIsRemovedBeforeItSawTheReplyNeverSynchronizes()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        await world.PickUpAsync();
        await RemoveAsync(world, "bob");
        await world.LookAsync("bob");

        (await world.SyncAsync("bob")).ShouldHaveSingleItem().ShouldContain("was removed from folder");
    }

    private static Task RemoveAsync(InviteWorld world, string petname) => Removal.RemoveAsync(world.World.Folder, petname, world.World.Grid, Cancel);
}
