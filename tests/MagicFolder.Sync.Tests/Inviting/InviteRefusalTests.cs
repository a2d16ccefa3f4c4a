using MagicFolder.Grid;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Inviting;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Inviting;

public sealed class InviteRefusalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfTwoJoinsWithOneCodeTheFirstWins()
    {
        using var world = await InviteWorld.StartAsync();
        string code = await world.CodeForAsync("bob");
        await world.AnswerAsync("first", code);

        (await RefusedAsync(() => world.AnswerAsync("second", code))).ShouldContain("was used already");
        await world.PickUpAsync();

        (await world.LookAsync("first")).ShouldNotBeNull();
        (await RefusedAsync(() => world.AnswerAsync("third", code))).ShouldContain("was used already");
        PendingJoin.Find(world.StateOf("third")).ShouldBeNull();
        (await world.ListedAsync()).ShouldBe(["alice", "bob"]);
    }

    [Fact]
    public async Task OfTwoJoinsAtTheSameMomentTheFirstWins()
    {
        using var world = await InviteWorld.StartAsync();
        string code = await world.CodeForAsync("bob");
        world.OtherGrid.BeforePublish = () => world.AnswerAsync("faster", code);

        (await RefusedAsync(() => world.AnswerAsync("slower", code))).ShouldContain("was used already");

        await world.PickUpAsync();
        (await world.LookAsync("faster")).ShouldNotBeNull();
        PendingJoin.Find(world.StateOf("slower")).ShouldBeNull();
    }

    [Fact]
    public async Task AnAnswerThatIsFoundTooLateIsRefused()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        world.Time.Now += Inviter.DefaultLifetime + TimeSpan.FromSeconds(1);

        var invite = (await world.PickUpAsync()).Changed.ShouldHaveSingleItem();

        (invite.State, invite.IsSettled, invite.Outcome).ShouldBe((InviteState.Expired, true, "the invite of bob has expired"));
        (await RefusedAsync(() => world.LookAsync("bob"))).ShouldContain("had expired when the admin's computer looked");
        (await world.ListedAsync()).ShouldBe(["alice"]);
        PendingJoin.Find(world.StateOf("bob")).ShouldBeNull();
    }

    [Fact]
    public async Task AnAnswerThatIsFoundInTimeIsTakenAlthoughTheRestIsDoneLater()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        world.AdminGrid.WritesLeft = 0;
        await Should.ThrowAsync<FailingGrid.DeathException>(world.PickUpAsync);
        world.AdminGrid.WritesLeft = null;
        world.Time.Now += Inviter.DefaultLifetime * 2;

        (await world.PickUpAsync()).Changed.Single().State.ShouldBe(InviteState.Joined);
    }

    [Fact]
    public async Task AnInviteThatNobodyAnsweredIsClosedWhenItExpires()
    {
        using var world = await InviteWorld.StartAsync();
        string code = await world.CodeForAsync("bob");
        var before = world.Time.Now;
        world.Time.Now += Inviter.DefaultLifetime + TimeSpan.FromSeconds(1);

        (await RefusedAsync(() => Task.FromResult(world.Begin("bob", code)))).ShouldBe("This code to join folder expired at 2026-11-08 12:00 UTC; ask the admin for a new one.");
        (await world.PickUpAsync()).Changed.Single().State.ShouldBe(InviteState.Expired);
        world.Time.Now = before;

        (await RefusedAsync(() => world.AnswerAsync("bob", code))).ShouldContain("had expired");
        (await world.PickUpAsync()).Changed.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnInviteThatWasTakenBackIsOfNoUse()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");

        var cancelled = await world.Inviter().CancelAsync(invite.Id, Cancel);

        (cancelled.State, cancelled.IsSettled, cancelled.Code).ShouldBe((InviteState.Cancelled, true, null));
        (await RefusedAsync(() => world.AnswerAsync("bob", invite.Code!.Reveal()))).ShouldContain("has taken this invite back");
        (await RefusedAsync(() => world.Inviter().CancelAsync(invite.Id, Cancel))).ShouldContain("over already");
        (await RefusedAsync(() => world.Inviter().CancelAsync("none", Cancel))).ShouldContain("no such invite");
        (await world.InviteAsync("bob")).State.ShouldBe(InviteState.Waiting);
    }

    [Fact]
    public async Task AnInviteThatIsTakenBackAfterItWasAnsweredRefusesTheAnswer()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        await world.AnswerAsync("bob", invite.Code!.Reveal());

        (await world.Inviter().CancelAsync(invite.Id, Cancel)).State.ShouldBe(InviteState.Cancelled);

        (await RefusedAsync(() => world.LookAsync("bob"))).ShouldContain("has taken this invite back");
        (await world.ListedAsync()).ShouldBe(["alice"]);
    }

    [Fact]
    public async Task APetnameThatWasTakenMeanwhileEndsTheInvite()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        await ListAsync(world, "bob");

        var invite = (await world.PickUpAsync()).Changed.Single();

        (invite.State, invite.Refusal, invite.IsSettled).ShouldBe((InviteState.Refused, InviteRefusal.PetnameTaken, true));
        (await RefusedAsync(() => world.LookAsync("bob"))).ShouldBe("Somebody else in folder is called bob by now; ask the admin for a code with another name.");
        (await world.CollectiveAsync()).Participants.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("alice", "The name alice is taken by a participant; choose another one.")]
    [InlineData("dave", "dave is invited already; take that invite back first, or choose another name.")]
    [InlineData("", "A name has 1 to 64 bytes and no control characters; choose another one.")]
    [InlineData("a\nb", "A name has 1 to 64 bytes and no control characters; choose another one.")]
    [InlineData("ééééééééééééééééééééééééééééééééé", "A name has 1 to 64 bytes and no control characters; choose another one.")]
    public async Task NobodyIsInvitedUnderANameThatCannotBe(string petname, string why)
    {
        using var world = await InviteWorld.StartAsync();
        await world.InviteAsync("dave");

        (await RefusedAsync(() => world.InviteAsync(petname))).ShouldBe(why);
    }

    [Fact]
    public async Task ACodeForAnotherGridIsNotAnswered()
    {
        using var world = await InviteWorld.StartAsync();
        string code = await world.CodeForAsync("bob");

        (await RefusedAsync(() => Task.FromResult(world.Begin("bob", code, "another"u8.ToArray())))).ShouldContain("on another grid");
        PendingJoin.Find(world.StateOf("bob")).ShouldBeNull();
    }

    [Fact]
    public async Task ACodeOfWhichTheGridKnowsNothingIsSaidToBeSo()
    {
        using var world = await InviteWorld.StartAsync();
        using var another = await EmbeddedWorld.StartAsync();
        world.Begin("bob", await world.CodeForAsync("bob"));
        var joiner = new Joiner(world.StateOf("bob"), another.Grid, world.NextKeys, EmbeddedWorld.Random, world.Time);

        var trouble = await Should.ThrowAsync<GridException>(() => joiner.AnswerAsync(Cancel));

        trouble.Message.ShouldStartWith("This grid has nothing for this invite to folder");
        PendingJoin.Find(world.StateOf("bob")).ShouldNotBeNull();
    }

    [Fact]
    public async Task OneStateDirectoryJoinsOneFolder()
    {
        using var world = await InviteWorld.StartAsync();
        string bob = await world.CodeForAsync("bob"), carol = await world.CodeForAsync("carol");
        var begun = world.Begin("bob", bob);

        world.Begin("bob", bob).PersonalKey.ShouldBe(begun.PersonalKey);
        (await RefusedAsync(() => Task.FromResult(world.Begin("bob", carol)))).ShouldContain("is being joined with this state directory");
        var known = PendingJoin.Find(world.StateOf("bob"))!;
        (await RefusedAsync(() => BeginAsync(known.Path + "-2", null))).ShouldContain($"is being joined with this state directory, in {known.Path}");
        (await RefusedAsync(() => BeginAsync(known.Path, "mine"))).ShouldContain("is being joined with this state directory");
        (await BeginAsync(known.Path, null)).Fingerprint.ShouldBe(known.Fingerprint);

        Task<PendingJoin> BeginAsync(string path, string? name) =>
            Task.FromResult(world.Joiner("bob").Begin(known.Code, InviteWorld.GridIdentity, world.World.GridDirectory, path, known.LeaseSecret, name));
        world.Joiner("bob").GiveUp();
        await world.AnswerAsync("bob", carol);
        await world.PickUpAsync();
        (await world.LookAsync("bob"))!.Participants.Single().Name.ShouldBe("carol");
        (await RefusedAsync(() => Task.FromResult(world.Begin("bob", bob)))).ShouldContain("a folder in this state directory already");
    }

    [Fact]
    public async Task AFolderThatIsFullTakesNobody()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        await FillAsync(world);

        (await world.PickUpAsync()).Changed.Single().Refusal.ShouldBe(InviteRefusal.Full);
        (await RefusedAsync(() => world.LookAsync("bob"))).ShouldContain("as many participants as a folder can have");
        (await RefusedAsync(() => world.InviteAsync("carol"))).ShouldContain("at most 256");
    }

    [Fact]
    public async Task WhatAnotherProcessWritesToTheListMeanwhileIsKept()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        world.AdminGrid.BeforePublish = () => ListAsync(world, "carol");

        (await world.PickUpAsync()).Changed.Single().State.ShouldBe(InviteState.Joined);

        (await world.ListedAsync()).ShouldBe(["alice", "carol", "bob"]);
    }

    private static async Task ListAsync(InviteWorld world, string petname)
    {
        using var keys = world.NextKeys();
        await WriteAsync(world, collective => [.. collective.Participants, new Participant(petname, ParticipantRole.ReadWrite, keys.ToWriteCap().ToReadCap(), [.. keys.PublicKey.Span], isRemoved: false)]);
    }

    private static Task FillAsync(InviteWorld world) => WriteAsync(world, collective =>
    [
        .. collective.Participants,
        .. Enumerable.Range(collective.Participants.Length, Collective.MaxParticipants - collective.Participants.Length).Select(i => new Participant(
            $"p{i}", ParticipantRole.ReadWrite, collective.Participants[0].Personal with { Fingerprint = Tahoe.Hashing.Digest.From([.. Enumerable.Repeat((byte)i, 32)]) }, [1], isRemoved: false)),
    ]);

    private static async Task WriteAsync(InviteWorld world, Func<Collective, IEnumerable<Participant>> participants)
    {
        var access = world.World.Folder.Collective;
        var version = await world.World.Grid.ReadMutableAsync(access.ReadCap, Cancel);
        var collective = Collective.Decode(version.Content);
        await world.World.Grid.PublishMutableAsync(access.WriteCap!, version.Seqnum, collective.With([.. participants(collective)]).Encode(), Cancel);
    }

    private static async Task<string> RefusedAsync(Func<Task> act) => (await Should.ThrowAsync<RefusedException>(act)).Message;
}
