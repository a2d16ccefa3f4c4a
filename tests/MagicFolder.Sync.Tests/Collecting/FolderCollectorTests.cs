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
        collected.ShouldBe(pretended with { Kept = collected.Kept });
        collected.Reason.ShouldBeNull();
        collected.Freed.ShouldBeGreaterThan(15);
        // What was rewritten is there twice until the next time.
        (before - world.Stored()).ShouldBeInRange(collected.Bytes - (2 * collected.RewrittenBytes), collected.Bytes);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        (await world.CollectAsync("alice")).Freed.ShouldBe(collected.Rewritten);
        (await world.CollectAsync("alice")).Freed.ShouldBe(0);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        await world.SyncAsync("bob");
        world.Read("bob", "kept.txt").ShouldBe("kept");
    }

    [Fact]
    public async Task WhatComesBackAfterItWasFreedIsStoredAgain()
    {
        using var world = await TwoComputers.StartAsync();
        await world.ChangeOftenAsync("alice", "x.txt");
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);
        for (int i = 0; i < 24; i += 3)
        {
            world.Write("alice", "x.txt", $"{i} {new string('x', i)}");
            await world.SyncAsync("alice");
            (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue($"with the content of {i}");
        }
        await world.SyncAsync("bob");
        world.Read("bob", "x.txt").ShouldBe(world.Read("alice", "x.txt"));
    }

    /// <summary>The upper node of a former tree lies in a pack that is kept for other nodes, while its table leads to nodes in a pack that is gone.</summary>
    [Fact]
    public async Task AFormerTreeIsNotReliedOnWhenPartsOfItAreGone()
    {
        using var world = await TwoComputers.StartAsync();
        await LeaveFormerTreeAsync(world, "alice");
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);

        BringFormerTreeBack(world, "alice");
        await world.SyncAsync("alice", "bob");
        Directory.GetFiles(world.At("bob", "")).Length.ShouldBe(400);
        foreach (string name in (string[])["alice", "bob"]) (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task WhoWasAwayDoesNotRelyOnAFormerTreeOfWhichPartsAreGone()
    {
        using var world = await TwoComputers.StartAsync();
        await LeaveFormerTreeAsync(world, "bob", "alice");
        world.Time.Now += TimeSpan.FromDays(40);
        await world.ChangeOftenAsync("alice", "y.txt");
        File.Delete(world.At("alice", "y.txt"));
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);

        BringFormerTreeBack(world, "bob");
        await world.SyncAsync("bob", "alice");
        Directory.GetFiles(world.At("alice", "")).Length.ShouldBe(400);
        foreach (string name in (string[])["alice", "bob"]) (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
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

    /// <summary>Each hears of packs of the other that it never reads, and holds leases on them.</summary>
    [Fact]
    public async Task WhenAllHaveFreedWhatTheyCanOnlyWhatIsRetainedIsLeft()
    {
        using var world = await TwoComputers.StartAsync();
        await world.ChangeOftenAsync("alice", "x.txt");
        await world.SyncAsync("bob");
        world.Write("bob", "of-bob.txt", "bob's");
        await world.SyncAsync("bob");
        await world.ChangeOftenAsync("alice", "x.txt");
        await world.SyncAsync("alice", "bob", "alice");
        world.Time.Now += TimeSpan.FromDays(20);
        world.Write("bob", "of-bob.txt", "bob's still");
        await world.SyncAsync("bob", "alice");

        for (int i = 0; i < 4; i++)
        {
            foreach (string name in (string[])["alice", "bob"]) (await world.CollectAsync(name)).Reason.ShouldBeNull();
        }

        var check = await world.CheckAsync("alice");
        check.IsHealthy.ShouldBeTrue();
        world.Shares().Count().ShouldBe(check.Objects.Length);
        (await world.CheckAsync("bob")).IsHealthy.ShouldBeTrue();
        world.Write("bob", "x.txt", "3 xxx");
        await world.SyncAsync("bob", "alice");
        world.Read("alice", "x.txt").ShouldBe("3 xxx");
        foreach (string name in (string[])["alice", "bob"]) (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task WhatSomebodyElseHadALeaseOnGoesWhenThatHasRunOutAlthoughItNeverComesBack()
    {
        using var world = await TwoComputers.StartAsync();
        for (int i = 0; i < 40; i++)
        {
            world.Write("alice", "x.txt", $"{i} {new string('x', i)}");
            await world.SyncAsync("alice", "bob");
        }
        int leased = (await world.CollectAsync("alice")).Leased;
        leased.ShouldBeGreaterThan(15);
        (await world.CollectAsync("alice")).Leased.ShouldBeGreaterThanOrEqualTo(leased);

        world.Time.Now += TimeSpan.FromDays(40);
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThanOrEqualTo(leased);
        (await world.CollectAsync("alice")).Leased.ShouldBe(0);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        await world.SyncAsync("bob", "alice");
        (await world.CheckAsync("bob")).IsHealthy.ShouldBeTrue();
    }

    /// <summary>A computer whose leases ran out while it was away must not rely on what it knew to be stored.</summary>
    [Theory]
    [InlineData(50, false)]
    [InlineData(3_000_000, false)]
    [InlineData(50, true)]
    [InlineData(3_000_000, true)]
    public async Task WhoWasAwayStoresAgainWhatWasFreedMeanwhile(int size, bool hasSealedBefore)
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
        if (hasSealedBefore)
        {
            File.WriteAllBytes(world.At("bob", "new"), content);
            await world.SyncAndDieAsync("bob");
        }

        world.Time.Now += TimeSpan.FromDays(40);
        await world.ChangeOftenAsync("alice", "y.txt");
        // So that bob has nothing else to publish than what was sealed.
        File.Delete(world.At("alice", "y.txt"));
        (await world.CollectAsync("alice")).Freed.ShouldBeGreaterThan(15);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();

        if (!hasSealedBefore)
        {
            File.WriteAllBytes(world.At("bob", "new"), content);
            world.Write("bob", "x.txt", "3 xxx");
        }
        await world.SyncAsync("bob", "alice");
        File.ReadAllBytes(world.At("alice", "new")).ShouldBe(content);
        // By the tables of the newest trees alone, whatever these two know besides.
        foreach (string name in (string[])["alice", "bob"])
            (await world.CheckAsync(name)).LostVersions.Where(lost => lost.Path.ToString() != "new" || !hasSealedBefore).ShouldBeEmpty();
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
        await world.ChangeOftenAsync("alice", "x.txt");
        string[] before = [.. world.Shares()];
        string damaged = what switch
        {
            "head" => ShareOf(world, IndexOfHead(world, "bob")),
            "list" => ShareOf(world, world.FolderOf("bob").Collective.ReadCap.StorageIndex),
            _ => ShareOf(world, await IndexOfNewestAsync(world, "bob")),
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

    /// <summary>
    /// Of a tree of many leaves those behind (m) are in the first pack, and those before (a) in the second with the node above both. Then all those behind change, for longer than the history.
    /// </summary>
    private static async Task LeaveFormerTreeAsync(TwoComputers world, string name, params string[] others)
    {
        for (int i = 0; i < 300; i++) world.Write(name, $"a{i:000}", $"{i}");
        for (int i = 0; i < 100; i++) world.Write(name, $"m{i:000}", $"{i}");
        await world.SyncAsync([name, .. others]);
        for (int i = 0; i < 300; i++) world.Write(name, $"a{i:000}", $"again {i}");
        await world.SyncAsync([name, .. others]);
        for (int i = 0; i < 100; i++) world.Write(name, $"m{i:000}z", "besides");
        await world.ChangeOftenAsync(name, "m050zz");
        await world.SyncAsync(others);
    }

    private static void BringFormerTreeBack(TwoComputers world, string name)
    {
        foreach (string file in Directory.GetFiles(world.At(name, ""), "m*z")) File.Delete(file);
    }

    /// <summary>The pack with the newest snapshot.</summary>
    private static async Task<StorageIndex> IndexOfNewestAsync(TwoComputers world, string name)
    {
        using var keys = Tahoe.Mutable.MutableKeys.FromPkcs8(world.FolderOf(name).Participants[0].PersonalKey.AsSpan());
        var head = await world.GridWith(world.FolderOf(name).LeaseSecret).ReadMutableAsync(keys.ToWriteCap().ToReadCap(), TestContext.Current.CancellationToken);
        return ((ChkCap)Cap.Parse(Snapshots.Heads.Head.Decode(head.Content).Location.Pack.Reveal())).StorageIndex;
    }

    private static StorageIndex IndexOfHead(TwoComputers world, string name)
    {
        using var keys = Tahoe.Mutable.MutableKeys.FromPkcs8(world.FolderOf(name).Participants[0].PersonalKey.AsSpan());
        return keys.ToWriteCap().StorageIndex;
    }

    private static string ShareOf(TwoComputers world, StorageIndex index) => world.Shares().Single(share => Path.GetFileName(Path.GetDirectoryName(share)) == index.ToString());
}
