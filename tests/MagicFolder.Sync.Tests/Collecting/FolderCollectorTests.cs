using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Collecting;

public sealed class FolderCollectorTests
{
    [Fact]
    public async Task WhatNobodyRetainsGoesAndAllElseStaysIntact()
    {
        using var world = await TwoComputers.StartAsync();
        world.Write("alice", "kept.txt", "kept");
        await world.ChangeOftenAsync("alice", "x.txt");
        long before = world.Stored();

        var pretended = await world.CollectAsync("alice", pretend: true);
        world.Stored().ShouldBe(before);
        var collected = await world.CollectAsync("alice");
        collected.ShouldBe(pretended);
        collected.Reason.ShouldBeNull();
        collected.Freed.ShouldBeGreaterThan(15);
        (before - world.Stored()).ShouldBe(collected.Bytes);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        (await world.CollectAsync("alice")).ShouldBe(collected with { Freed = 0, Bytes = 0 });
        await world.SyncAsync("bob");
        world.Read("bob", "kept.txt").ShouldBe("kept");
    }

    [Fact]
    public async Task WhatComesBackAfterItWasFreedIsStoredAgain()
    {
        using var world = await TwoComputers.StartAsync();
        for (int i = 0; i < 120; i++) world.Write("alice", $"other {i}", $"{i}");
        await world.SyncAsync("alice");
        await world.ChangeOftenAsync("alice", "x.txt");
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);

        // The very contents and trees of before, some in packs that are gone, some in such as are kept for something else.
        for (int i = 0; i < 24; i += 3)
        {
            world.Write("alice", "x.txt", $"{i} {new string('x', i)}");
            await world.SyncAsync("alice");
            (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue($"with the content of {i}");
        }
        await world.SyncAsync("bob");
        world.Read("bob", "x.txt").ShouldBe(world.Read("alice", "x.txt"));
    }

    [Fact]
    public async Task TheLeaseOfAnotherComputerKeepsAPackUntilThatGivesItUp()
    {
        using var world = await TwoComputers.StartAsync();
        for (int i = 0; i < 40; i++)
        {
            world.Write("alice", "x.txt", $"{i} {new string('x', i)}");
            await world.SyncAsync("alice", "bob");
        }
        var first = await world.CollectAsync("alice");
        first.Leased.ShouldBeGreaterThan(15);
        first.Reason.ShouldBeNull();
        var second = await world.CollectAsync("bob");
        second.Freed.ShouldBeGreaterThan(15);
        foreach (string name in (string[])["alice", "bob"]) (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
        world.Write("bob", "x.txt", "3 xxx");
        await world.SyncAsync("bob", "alice");
        world.Read("alice", "x.txt").ShouldBe("3 xxx");
        foreach (string name in (string[])["alice", "bob"]) (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
    }

    /// <summary>A computer whose leases ran out while it was away must not rely on what it knew to be stored.</summary>
    [Theory]
    [InlineData(50)]
    [InlineData(3_000_000)]
    public async Task WhoWasAwayStoresAgainWhatWasFreedMeanwhile(int size)
    {
        using var world = await TwoComputers.StartAsync();
        byte[] content = new byte[size];
        Viewing.EmbeddedWorld.Random.Fill(content);
        File.WriteAllBytes(world.At("bob", "old"), content);
        await world.SyncAsync("bob", "alice");
        await world.ChangeOftenAsync("bob", "x.txt");
        File.Delete(world.At("bob", "old"));
        await world.ChangeOftenAsync("bob", "x.txt");
        await world.SyncAsync("alice");

        world.Time.Now += TimeSpan.FromDays(40);
        await world.ChangeOftenAsync("alice", "y.txt");
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();

        File.WriteAllBytes(world.At("bob", "new"), content);
        world.Write("bob", "x.txt", "3 xxx");
        await world.SyncAsync("bob", "alice");
        File.ReadAllBytes(world.At("alice", "new")).ShouldBe(content);
        foreach (string name in (string[])["alice", "bob"]) (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
    }

    [Theory]
    [InlineData("head")]
    [InlineData("snapshot")]
    [InlineData("list")]
    public async Task WhatCannotBeReadMightNeedAnything(string what)
    {
        using var world = await TwoComputers.StartAsync();
        world.Write("bob", "old", "of bob");
        await world.SyncAsync("bob");
        string[] ofBob = [.. world.Shares()];
        await world.ChangeOftenAsync("alice", "x.txt");
        string[] before = [.. world.Shares()];
        string damaged = what switch
        {
            "head" => ShareOf(world, IndexOfHead(world, "bob")),
            "list" => ShareOf(world, world.FolderOf("bob").Collective.ReadCap.StorageIndex),
            _ => ofBob.First(share => File.ReadAllBytes(share)[0] == 0 && share != ShareOf(world, IndexOfHead(world, "bob"))),
        };
        byte[] good = await File.ReadAllBytesAsync(damaged, TestContext.Current.CancellationToken);
        File.Delete(damaged);

        var refused = await world.CollectAsync("alice");
        refused.Freed.ShouldBe(0);
        refused.Reason.ShouldNotBeNull();
        world.Shares().Order().ShouldBe(before.Where(share => share != damaged).Order());

        await File.WriteAllBytesAsync(damaged, good, TestContext.Current.CancellationToken);
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task WhatOtherFoldersNameOrSomebodyPutByHandStays()
    {
        using var world = await TwoComputers.StartAsync();
        using var content = new MemoryStream(new byte[1000]);
        var byHand = (ChkCap)await world.GridWith([.. new byte[32]]).PutImmutableAsync(content, content.Length, new EncryptionKeyChoice.FromContent(new byte[32]), TestContext.Current.CancellationToken);
        await world.ChangeOftenAsync("alice", "x.txt");
        world.Time.Now += TimeSpan.FromDays(100);
        await using (var session = await world.OpenAsync("alice"))
        {
            var named = Sync.Collecting.KnownPacks.Read(world.FolderOf("alice"), world.StateOf("alice"));
            var collected = await new Sync.Collecting.FolderCollector(session).CollectAsync(named, pretend: false, TestContext.Current.CancellationToken);
            collected.Freed.ShouldBe(0);
        }
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);
        File.Exists(ShareOf(world, byHand.StorageIndex)).ShouldBeTrue();
    }

    private static StorageIndex IndexOfHead(TwoComputers world, string name)
    {
        using var keys = Tahoe.Mutable.MutableKeys.FromPkcs8(world.FolderOf(name).Participants[0].PersonalKey.AsSpan());
        return keys.ToWriteCap().StorageIndex;
    }

    private static string ShareOf(TwoComputers world, StorageIndex index) => world.Shares().Single(share => Path.GetFileName(Path.GetDirectoryName(share)) == index.ToString());
}
