using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;
using MagicFolder.Sync.Membership;

namespace MagicFolder.Sync.Tests.Inviting;

public sealed class JoiningTests
{
    [Fact]
    public async Task TwoComputersThatAreNeverOnlineTogetherComeToOneFolder()
    {
        using var world = await InviteWorld.StartAsync();
        world.Write("alice", "letter", "from alice");
        (await world.SyncAsync("alice")).ShouldBeEmpty();

        string code = await world.CodeForAsync("bob");
        var join = await world.AnswerAsync("bob", code);
        (await world.LookAsync("bob")).ShouldBeNull();
        var pass = await world.PickUpAsync();
        var folder = await world.LookAsync("bob");

        pass.Problems.ShouldBeEmpty();
        var invite = pass.Changed.ShouldHaveSingleItem();
        (invite.State, invite.IsSettled, invite.Outcome).ShouldBe((InviteState.Joined, true, "bob has joined"));
        invite.Fingerprint.ShouldBe(join.Fingerprint);
        join.Fingerprint!.ShouldMatch("^([a-z2-7]{4}-){3}[a-z2-7]{4}$");
        (await world.ListedAsync()).ShouldBe(["alice", "bob"]);
        folder!.Collective.ShouldBe(CollectiveAccess.OfReader(world.World.Folder.Collective.ReadCap));
        (folder.Name, folder.Folder, folder.Participants.Single().Name).ShouldBe(("folder", world.World.Folder.Folder, "bob"));
        PendingJoin.Find(world.StateOf("bob")).ShouldBeNull();
        FolderConfiguration.Load(world.StateOf("bob")).ToBytes().ShouldBe(folder.ToBytes());
        (await world.PickUpAsync()).Changed.ShouldBeEmpty();
    }

    [Fact]
    public async Task AfterwardsBothSynchronize()
    {
        using var world = await InviteWorld.StartAsync();
        world.Write("alice", "letter", "from alice");
        await world.SyncAsync("alice");
        await world.JoinAsync("bob");
        world.Write("bob", "note", "from bob");

        (await world.SyncAsync("bob")).ShouldBeEmpty();
        (await world.SyncAsync("alice")).ShouldBeEmpty();

        world.Read("bob", "letter").ShouldBe("from alice");
        world.Read("alice", "note").ShouldBe("from bob");

        world.Write("alice", "note", "alice was here");
        File.Delete(world.PathOf("bob", "letter"));
        foreach (string computer in new[] { "alice", "bob", "alice" }) (await world.SyncAsync(computer)).ShouldBeEmpty();

        world.Read("bob", "note").ShouldBe("alice was here");
        world.Read("alice", "letter").ShouldBeNull();
    }

    [Fact]
    public async Task ConflictsBetweenComputersStandSideBySideUnderTheirPetnames()
    {
        using var world = await InviteWorld.StartAsync();
        await world.JoinAsync("bob");
        world.Write("alice", "note.txt", "of alice");
        world.Write("bob", "note.txt", "of bob");

        foreach (string computer in new[] { "alice", "bob", "alice" }) (await world.SyncAsync(computer)).ShouldBeEmpty();

        world.Read("alice", "note.conflict-bob.txt").ShouldBe("of bob");
        world.Read("bob", "note.conflict-alice.txt").ShouldBe("of alice");
    }

    [Fact]
    public async Task ThreeComputersComeTogetherThoughTheInviteesKnowNothingOfOneAnother()
    {
        using var world = await InviteWorld.StartAsync();
        string forBob = await world.CodeForAsync("bob"), forCarol = await world.CodeForAsync("carol");
        await world.AnswerAsync("carol", forCarol);
        await world.AnswerAsync("bob", forBob);
        (await world.PickUpAsync()).Changed.Length.ShouldBe(2);
        await world.LookAsync("bob");
        await world.LookAsync("carol");

        world.Write("bob", "note", "from bob");
        foreach (string computer in new[] { "bob", "carol", "alice" }) (await world.SyncAsync(computer)).ShouldBeEmpty();

        world.Read("carol", "note").ShouldBe("from bob");
        world.Read("alice", "note").ShouldBe("from bob");
    }

    [Fact]
    public async Task TheRoleIsListedAsInvited()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob", ParticipantRole.ReadOnly);
        await world.AnswerAsync("bob", invite.Code!.Reveal());
        await world.PickUpAsync();

        (await world.LookAsync("bob")).ShouldNotBeNull();
        (await world.CollectiveAsync()).Participants[1].Role.ShouldBe(ParticipantRole.ReadOnly);
    }

    [Fact]
    public async Task WhatAReadOnlyParticipantChangesStaysWithIt()
    {
        using var world = await InviteWorld.StartAsync();
        world.Write("alice", "letter.txt", "from alice");
        await world.SyncAsync("alice");
        await world.AnswerAsync("bob", (await world.InviteAsync("bob", ParticipantRole.ReadOnly)).Code!.Reveal());
        await world.PickUpAsync();
        await world.LookAsync("bob");
        (await world.SyncAsync("bob")).ShouldBeEmpty();

        world.Write("bob", "letter.txt", "changed by bob");
        world.Write("bob", "note", "from bob");
        foreach (string computer in new[] { "bob", "alice" }) (await world.SyncAsync(computer)).ShouldBeEmpty();
        world.Write("alice", "letter.txt", "changed by alice");
        foreach (string computer in new[] { "alice", "bob", "alice" }) (await world.SyncAsync(computer)).ShouldBeEmpty();

        world.Read("alice", "letter.txt").ShouldBe("changed by alice");
        world.Read("alice", "note").ShouldBeNull();
        world.Read("bob", "letter.txt").ShouldBe("changed by alice");
        world.Read("bob", "letter.conflict-bob.txt").ShouldBe("changed by bob");
    }

    [Fact]
    public async Task AGridOfSeveralDirectoriesWillDo()
    {
        using var world = await InviteWorld.StartSpreadAsync();
        world.Write("alice", "letter", "from alice");
        await world.SyncAsync("alice");
        await world.JoinAsync("bob");
        world.Write("bob", "note", "from bob");

        (await world.SyncAsync("bob")).ShouldBeEmpty();
        (await world.SyncAsync("alice")).ShouldBeEmpty();

        world.Read("bob", "letter").ShouldBe("from alice");
        world.Read("alice", "note").ShouldBe("from bob");
    }

    [Fact]
    public async Task TwoProcessesOfTheAdminPickUpOneAfterTheOther()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        Task<InvitePass>? second = null;
        world.AdminGrid.BeforePublish = async () =>
        {
            second = Task.Run(world.PickUpAsync);
            await Task.Delay(300);
            second.IsCompleted.ShouldBeFalse();
        };

        (await world.PickUpAsync()).Changed.Length.ShouldBe(1);

        (await second!).Changed.ShouldBeEmpty();
        (await world.ListedAsync()).ShouldBe(["alice", "bob"]);
    }

    [Fact]
    public async Task WhoeverJoinedIsNotTheAdmin()
    {
        using var world = await InviteWorld.StartAsync();
        await world.JoinAsync("bob");
        var folder = FolderConfiguration.Load(world.StateOf("bob"));
        var cancel = TestContext.Current.CancellationToken;

        var refused = await Should.ThrowAsync<RefusedException>(() => FolderFounding.AddAsync(folder, [("dave", "/dave")], world.World.Grid, world.NextKeys, cancel));
        await Should.ThrowAsync<RefusedException>(() => Removal.RemoveAsync(folder, "alice", world.World.Grid, cancel));
        await FolderFounding.ListAsync(folder, world.World.Grid, cancel);

        refused.Message.ShouldStartWith("Only the admin of the folder can add a directory");
        (await world.ListedAsync()).ShouldBe(["alice", "bob"]);
    }

    [Fact]
    public async Task ADirectoryOfTheAdminCannotTakeANameThatSomebodyHas()
    {
        using var world = await InviteWorld.StartAsync();
        await world.JoinAsync("bob");

        var refused = await Should.ThrowAsync<RefusedException>(() => FolderFounding.AddAsync(
            FolderConfiguration.Load(world.World.StateDirectory), [("bob", "/bob")], world.World.Grid, world.NextKeys, TestContext.Current.CancellationToken));

        refused.Message.ShouldBe("The name bob is taken by a participant; give another one.");
    }
}
