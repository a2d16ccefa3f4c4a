using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>A disk of the storage that fails at one object, again and again, while all others can be read.</summary>
public sealed class FailingDiskTests
{
    [Fact(Timeout = 120_000)]
    public async Task ASectorBelowAContentIsTheTroubleOfItsFileAndAllElseIsPublished()
    {
        using var storage = await HostileStorage.StartAsync();
        var bad = await BadDiskAsync(storage, await storage.StoreAsync("alice", "victim", 200_000));

        string[] troubles = await storage.WorkAsync();

        troubles.Count(line => line.StartsWith("bob: victim", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', troubles));
        bad.Clear();
        await storage.ShouldHealAsync();
        File.ReadAllBytes(storage.World.At("bob", "victim")).ShouldBe(File.ReadAllBytes(storage.World.At("alice", "victim")));
    }

    [Fact(Timeout = 120_000)]
    public async Task ASectorBelowASmallContentIsTheTroubleOfItsFile()
    {
        using var storage = await HostileStorage.StartAsync();
        var bad = await BadDiskAsync(storage, await storage.StoreAsync("alice", "victim", 2_000));

        (await storage.WorkAsync()).ShouldContain(line => line.StartsWith("bob: ", StringComparison.Ordinal));

        bad.Clear();
        await storage.ShouldHealAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task ASectorBelowATreeHoldsBackItsVersionAlone()
    {
        using var storage = await HostileStorage.StartAsync();
        string[] before = storage.ImmutableShares();
        storage.World.Write("alice", "story", "first");
        await storage.RunWellAsync("alice");
        var bad = await BadDiskAsync(storage, [.. storage.ImmutableShares().Except(before)]);

        storage.World.Write("bob", "new-of-bob", "bob's");
        (await storage.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: alice: ");

        await storage.RunWellAsync("alice");
        storage.World.Read("alice", "new-of-bob").ShouldBe("bob's");
        bad.Clear();
        await storage.ShouldHealAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task ASectorBelowAPackToBeLeasedIsReportedAndTheHeadIsWritten()
    {
        using var storage = await HostileStorage.StartAsync();
        string pack = await storage.StoreAsync("alice", "large", 200_000);
        await storage.RunWellAsync("alice", "bob");
        var bad = await BadDiskAsync(storage, pack);
        storage.Time = new KnownPains.ShiftedTime(TimeSpan.FromDays(20));

        storage.World.Write("alice", "new", "alice's");
        (await storage.RunAsync("alice")).ShouldHaveSingleItem().ShouldStartWith("alice: stored packs: 1 of them cannot be leased");

        await storage.RunAsync("bob");
        storage.World.Read("bob", "new").ShouldBe("alice's");
        bad.Clear();
        await storage.ShouldHealAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task ASectorBelowTheListOfParticipantsLeavesTheOneSeenLastInForce()
    {
        using var storage = await HostileStorage.StartAsync();
        var bad = await BadDiskAsync(storage, storage.Collective);

        (await storage.WorkAsync()).ShouldAllBe(line => line.Contains("the list of participants"));

        bad.Clear();
        await storage.ShouldHealAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task ADiskThatFailsAtEverythingIsTheTroubleOfNoPath()
    {
        using var storage = await HostileStorage.StartAsync();
        await storage.StoreAsync("alice", "victim", 200_000);
        var bad = await BadDiskAsync(storage, [.. Directory.EnumerateFiles(Path.Combine(storage.World.GridDirectory, "shares"), "0", SearchOption.AllDirectories)]);

        (await Should.ThrowAsync<GridException>(async () => await storage.RunAsync("bob"))).Failure.ShouldBe(GridFailure.Io);

        bad.Clear();
        await storage.ShouldHealAsync();
    }

    /// <returns>The objects at which the disk fails, by name.</returns>
    private static async Task<HashSet<string>> BadDiskAsync(HostileStorage storage, params string[] shares)
    {
        var server = new LyingServer(await DirectoryShareServer.OpenAsync(
            storage.World.GridDirectory, TimeProvider.System, EmbeddedWorld.Random, TestContext.Current.CancellationToken));
        server.BadObjects.UnionWith(shares.Select(share => Path.GetFileName(Path.GetDirectoryName(share)!)));
        storage.Grid = new TahoeGrid([server], storage.World.Folder.LeaseSecret.AsSpan(), EmbeddedWorld.Random);
        return server.BadObjects;
    }
}
