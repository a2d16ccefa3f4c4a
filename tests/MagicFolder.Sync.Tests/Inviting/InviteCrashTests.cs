using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Inviting;

/// <summary>The program dies at a write to the grid, before or after it took effect, or before it could save; then it is started again.</summary>
public sealed class InviteCrashTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task AnInviteThatWasNotMadeInFullIsMadeAnew(int writes, bool afterwards)
    {
        using var world = await InviteWorld.StartAsync();
        Kill(world.AdminGrid, writes, afterwards);
        await Should.ThrowAsync<FailingGrid.DeathException>(() => world.InviteAsync("bob"));
        world.AdminGrid.WritesLeft = null;

        (await world.PickUpAsync()).Problems.ShouldBeEmpty();
        world.Inviter().All().Single().Code.ShouldBeNull();
        await world.JoinAsync("bob");
        world.Time.Now += TimeSpan.FromDays(2);
        await world.PickUpAsync();

        world.Inviter().All().Single().State.ShouldBe(InviteState.Joined);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task APickUpGoesOnWhereItWas(int writes, bool afterwards)
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        Kill(world.AdminGrid, writes, afterwards);
        await Should.ThrowAsync<FailingGrid.DeathException>(world.PickUpAsync);
        world.AdminGrid.WritesLeft = null;

        (await world.PickUpAsync()).Changed.Single().State.ShouldBe(InviteState.Joined);

        (await world.ListedAsync()).ShouldBe(["alice", "bob"]);
        (await world.LookAsync("bob")).ShouldNotBeNull();
        (await world.SyncAsync("bob")).ShouldBeEmpty();
    }

    [Fact]
    public async Task APickUpOfWhichNothingWasSavedIsRepeated()
    {
        using var world = await InviteWorld.StartAsync();
        await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        string file = Directory.GetFiles(Path.Combine(world.World.StateDirectory, "invites"), "*.json").Single();
        byte[] before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await world.PickUpAsync();
        await File.WriteAllBytesAsync(file, before, TestContext.Current.CancellationToken);

        (await world.PickUpAsync()).Changed.Single().State.ShouldBe(InviteState.Joined);

        (await world.ListedAsync()).ShouldBe(["alice", "bob"]);
        (await world.LookAsync("bob")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(InviteState.Expired, false)]
    [InlineData(InviteState.Expired, true)]
    [InlineData(InviteState.Cancelled, false)]
    [InlineData(InviteState.Cancelled, true)]
    public async Task AnEndThatWasNotSavedIsFoundAgain(InviteState end, bool afterwards)
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        if (end == InviteState.Expired) world.Time.Now += Inviter.DefaultLifetime * 2;
        Kill(world.AdminGrid, 0, afterwards);
        await Should.ThrowAsync<FailingGrid.DeathException>(() => EndAsync());
        world.AdminGrid.WritesLeft = null;

        if (end == InviteState.Cancelled && !afterwards) await EndAsync();
        else await world.PickUpAsync();

        world.Inviter().All().Single().State.ShouldBe(end);

        Task EndAsync() => end == InviteState.Expired ? world.PickUpAsync() : world.Inviter().CancelAsync(invite.Id, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task AnAnswerGoesOnWithTheSameKeys(int writes, bool afterwards)
    {
        using var world = await InviteWorld.StartAsync();
        string code = await world.CodeForAsync("bob");
        var begun = world.Begin("bob", code);
        Kill(world.OtherGrid, writes, afterwards);
        await Should.ThrowAsync<FailingGrid.DeathException>(() => world.Joiner("bob").AnswerAsync(TestContext.Current.CancellationToken));
        world.OtherGrid.WritesLeft = null;

        var answered = await world.AnswerAsync("bob", code);
        await world.PickUpAsync();
        var folder = await world.LookAsync("bob");

        answered.PersonalKey.ShouldBe(begun.PersonalKey);
        folder!.Participants.Single().PersonalKey.ShouldBe(begun.PersonalKey);
        (await world.SyncAsync("bob")).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnAnswerIsRepeatedWithoutHarm()
    {
        using var world = await InviteWorld.StartAsync();
        string code = await world.CodeForAsync("bob");
        var first = await world.AnswerAsync("bob", code);

        (await world.AnswerAsync("bob", code)).Answer.ShouldBe(first.Answer);

        await world.PickUpAsync();
        (await world.LookAsync("bob")).ShouldNotBeNull();
    }

    [Fact]
    public async Task AJoinThatDiedBeforeItWasOverIsOverWithTheNextLook()
    {
        using var world = await InviteWorld.StartAsync();
        var join = await world.AnswerAsync("bob", await world.CodeForAsync("bob"));
        await world.PickUpAsync();
        await world.LookAsync("bob");
        join.Save(world.StateOf("bob"));

        (await world.LookAsync("bob")).ShouldNotBeNull();

        PendingJoin.Find(world.StateOf("bob")).ShouldBeNull();
    }

    [Fact]
    public async Task AnAnswerThatTheStorageForgotIsGivenAgain()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        string share = ShareOf(world, invite.Code!.Answer.StorageIndex);
        byte[] empty = await File.ReadAllBytesAsync(share, TestContext.Current.CancellationToken);
        await world.AnswerAsync("bob", invite.Code.Reveal());
        await File.WriteAllBytesAsync(share, empty, TestContext.Current.CancellationToken);
        (await world.PickUpAsync()).Changed.ShouldBeEmpty();

        (await world.LookAsync("bob")).ShouldBeNull();
        (await world.PickUpAsync()).Changed.Single().State.ShouldBe(InviteState.Joined);

        (await world.LookAsync("bob")).ShouldNotBeNull();
    }

    [Fact]
    public async Task AReplyThatTheStorageLostIsWrittenAgainWhileTheInviteIsUnderWay()
    {
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        await world.AnswerAsync("bob", invite.Code!.Reveal());
        File.Delete(ShareOf(world, invite.Code.Reply.StorageIndex));

        var pass = await world.PickUpAsync();

        pass.Problems.ShouldBeEmpty();
        (await world.LookAsync("bob")).ShouldNotBeNull();
    }

    [Fact]
    public async Task TheFilesWithSecretsAreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        using var world = await InviteWorld.StartAsync();
        var invite = await world.InviteAsync("bob");
        await world.AnswerAsync("bob", invite.Code!.Reveal());
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        string file = Path.Combine(world.World.StateDirectory, "invites", $"{invite.Id}.json");
        File.GetUnixFileMode(file).ShouldBe(owner);
        File.GetUnixFileMode(Path.Combine(world.StateOf("bob"), "join.json")).ShouldBe(owner);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldContain("magic1-");
        await world.PickUpAsync();
        string settled = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        settled.ShouldNotContain("magic1-");
        settled.ShouldContain("\"sealKey\": null");
    }

    private static string ShareOf(InviteWorld world, StorageIndex index) =>
        Directory.GetFiles(world.World.GridDirectory, "*", SearchOption.AllDirectories).Single(file => file.Contains($"{index}{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static void Kill(FailingGrid grid, int writes, bool afterwards) => (grid.WritesLeft, grid.DiesAfterwards) = (writes, afterwards);
}
