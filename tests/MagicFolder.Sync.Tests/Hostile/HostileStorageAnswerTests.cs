using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>The storage says of a write what is not true, or lets nobody look.</summary>
public sealed class HostileStorageAnswerTests
{
    [Fact(Timeout = 120_000)]
    public async Task AHeadThatWasAcceptedAndNotKeptIsWrittenAgainByTheNextRun()
    {
        using var storage = await HostileStorage.StartAsync();
        var server = await LieAsync(storage);
        server.Forgets = true;
        storage.World.Write("alice", "new", "alice's");
        await storage.RunWellAsync("alice");

        await storage.RunWellAsync("bob");
        storage.World.Names("bob").ShouldBe(["of-alice", "of-bob"]);

        server.Forgets = false;
        await storage.RunWellAsync("alice", "bob");
        storage.World.Read("bob", "new").ShouldBe("alice's");
        (await storage.WorkAsync()).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task AStorageThatKeepsNoHeadIsNotWrittenToForEver()
    {
        using var storage = await HostileStorage.StartAsync();
        var server = await LieAsync(storage);
        server.Forgets = true;
        await using (var session = await storage.OpenAsync("alice", "bob"))
        {
            for (int i = 0; i < 4; i++)
            {
                storage.World.Write("alice", $"new-{i}", "alice's");
                await session.RunToRestAsync(TestContext.Current.CancellationToken);
            }
            server.Writes.ShouldBeLessThan(12);
            Identity.Cast.Troubles(session).ShouldHaveSingleItem().ShouldStartWith("alice: The storage showed an older version of what alice published");
        }

        server.Forgets = false;
        await storage.RunWellAsync("alice", "bob");
        storage.World.Names("bob").ShouldBe(storage.World.Names("alice"));
        (await storage.WorkAsync()).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task AHeadThatWasKeptAndReportedAsRefusedCountsAsWritten()
    {
        using var storage = await HostileStorage.StartAsync();
        var server = await LieAsync(storage);
        server.Denies = true;

        (await storage.WorkAsync()).ShouldBeEmpty();
        (await storage.WorkAsync()).ShouldBeEmpty();

        server.Writes.ShouldBeLessThan(16);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("pack")]
    [InlineData("head")]
    [InlineData("collective")]
    public async Task AShareThatMayNotBeReadIsOneProblemUntilItMayBe(string which)
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Every file may be read here.");
        if (OperatingSystem.IsWindows()) return;
        using var storage = await HostileStorage.StartAsync();
        string pack = await storage.StoreAsync("alice", "victim", 200_000);
        string share = which switch { "pack" => pack, "head" => storage.HeadOf("alice"), _ => storage.Collective };
        File.SetUnixFileMode(share, UnixFileMode.None);

        (await storage.RunAsync("bob")).Length.ShouldBeInRange(1, 2);

        File.SetUnixFileMode(share, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await storage.ShouldHealAsync();
    }

    private static async Task<LyingServer> LieAsync(HostileStorage storage)
    {
        var server = new LyingServer(await DirectoryShareServer.OpenAsync(
            storage.World.GridDirectory, TimeProvider.System, EmbeddedWorld.Random, TestContext.Current.CancellationToken));
        storage.Grid = new TahoeGrid([server], storage.World.Folder.LeaseSecret.AsSpan(), EmbeddedWorld.Random);
        return server;
    }
}
