using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Collecting;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Tests.Inviting;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Tests.Collecting;

/// <summary>Packs of which little is needed, and small ones, are written anew (docs/decisions/0017-repacking.md).</summary>
public sealed class RewritingTests
{
    [Fact]
    public async Task ManySmallPublicationsComeTogetherInAFewPacks()
    {
        using var world = await TwoComputers.StartAsync();
        await world.ChangeOftenAsync("alice", "x.txt", 12);
        int before = Packs(world);
        before.ShouldBeGreaterThan(20);

        var pretended = await world.CollectAsync("alice", pretend: true);
        Packs(world).ShouldBe(before);
        var first = await world.CollectAsync("alice");
        first.Reason.ShouldBeNull();
        first.Rewritten.ShouldBe(pretended.Rewritten);
        first.RewrittenBytes.ShouldBe(pretended.RewrittenBytes);
        first.Rewritten.ShouldBeGreaterThan(20);
        first.Kept.ShouldBeLessThan(4);
        // Bob's computer may be about to refer to them.
        first.Freed.ShouldBe(0);

        var second = await world.CollectAsync("alice");
        second.Freed.ShouldBeGreaterThan(20);
        second.Rewritten.ShouldBe(0);
        Packs(world).ShouldBe(second.Kept);
        (await world.CollectAsync("alice")).ShouldBe(second with { Freed = 0, Bytes = 0 });
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        await RestoreEachVersionAsync(world, "alice", 12);

        world.Write("alice", "y.txt", "after");
        await world.SyncAsync("alice", "bob");
        world.Read("bob", "x.txt").ShouldBe(world.Read("alice", "x.txt"));
        world.Read("bob", "y.txt").ShouldBe("after");
        foreach (string name in (string[])["alice", "bob"]) (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
        await RestoreEachVersionAsync(world, "bob", 12);
        (await world.CollectAsync("alice")).Kept.ShouldBeLessThan(8);
    }

    [Fact]
    public async Task AMostlyDeadPackGivesItsBytesBack()
    {
        using var world = await TwoComputers.StartAsync();
        byte[] kept = WriteRandom(world, "alice", "kept", 700_000);
        byte[] large = WriteRandom(world, "alice", "large", 2_300_000);
        WriteRandom(world, "alice", "dead", 6_000_000);
        await world.SyncAsync("alice");
        File.Delete(world.At("alice", "dead"));
        // A content of several chunks, of which only the list is anew somewhere else.
        File.Move(world.At("alice", "large"), world.At("alice", "moved"));
        await world.ChangeOftenAsync("alice", "x.txt");
        long before = world.Stored();

        (await world.CollectAsync("alice")).Rewritten.ShouldBeGreaterThan(0);
        var freed = await world.CollectAsync("alice");
        freed.Bytes.ShouldBeGreaterThan(6_000_000);
        // The first collection has added what it copied.
        (before - world.Stored()).ShouldBeGreaterThan(5_500_000);
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        await world.SyncAsync("bob");
        File.ReadAllBytes(world.At("bob", "kept")).ShouldBe(kept);
        File.ReadAllBytes(world.At("bob", "moved")).ShouldBe(large);
    }

    /// <summary>Bob has read all, knows where it lay, and has published nothing that refers to it; his leases have run out.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoWasAwayGetsEverything(bool hasPublished)
    {
        using var world = await TwoComputers.StartAsync();
        byte[] large = WriteRandom(world, "alice", "large", 2_300_000);
        for (int i = 0; i < 12; i++)
        {
            world.Write("alice", "x.txt", $"{i} {new string('x', i)}");
            world.Time.Now += TimeSpan.FromSeconds(10);
            await world.SyncAsync("alice");
            if (hasPublished) await world.SyncAsync("bob");
            else await JoinOnlyAsync(world, "bob");
        }
        world.Time.Now += TimeSpan.FromDays(40);
        (await world.CollectAsync("alice")).Rewritten.ShouldBeGreaterThan(10);
        (await world.CollectAsync("alice")).Reason.ShouldBeNull();

        await RestoreEachVersionAsync(world, "bob", 12);
        await world.SyncAsync("bob");
        File.ReadAllBytes(world.At("bob", "large")).ShouldBe(large);
        world.Read("bob", "x.txt").ShouldBe(world.Read("alice", "x.txt"));
        await RestoreEachVersionAsync(world, "bob", 12);
        // He does the same with what he refers to, and then nobody does.
        (await world.CollectAsync("bob")).Reason.ShouldBeNull();
        await world.SyncAsync("alice", "bob");
        foreach (string name in (string[])["bob", "alice", "bob"]) (await world.CollectAsync(name)).Reason.ShouldBeNull();
        (await world.CollectAsync("alice")).Kept.ShouldBeLessThan(12);
        foreach (string name in (string[])["alice", "bob"])
        {
            (await world.CheckAsync(name)).IsHealthy.ShouldBeTrue();
            await RestoreEachVersionAsync(world, name, 12);
        }
    }

    /// <summary>Bob has the leaf with the large file already, so he does not read it when it comes in a newer tree, in which its content lies elsewhere.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task WhoWasAwayLearnsWhereContentsOfNodesAreThatHeHas(int publications)
    {
        using var world = await TwoComputers.StartAsync();
        for (int i = 0; i < 300; i++) world.Write("alice", $"a{i:000}", $"{i}");
        byte[] large = WriteRandom(world, "alice", "a150large", 2_300_000);
        await world.SyncAsync("alice");
        await JoinOnlyAsync(world, "bob");
        await world.ChangeOftenAsync("alice", "x.txt", 12);
        world.Time.Now += TimeSpan.FromDays(40);
        WriteRandom(world, "alice", "dead", 6_000_000);
        for (int i = 0; i < 2; i++) (await world.CollectAsync("alice")).Reason.ShouldBeNull();
        await world.ChangeOftenAsync("alice", "x.txt", publications);
        for (int i = 0; i < 2; i++) (await world.CollectAsync("alice")).Reason.ShouldBeNull();

        (await RestoreNewestAsync(world, "bob", "a150large")).ShouldBe(large, "before he has pulled");
        await JoinOnlyAsync(world, "bob");
        (await RestoreNewestAsync(world, "bob", "a150large")).ShouldBe(large, "by what his state knows");
        await world.SyncAsync("bob");
        (await world.CheckAsync("bob")).IsHealthy.ShouldBeTrue();
    }

    /// <summary>All on one computer: the old packs go at once, and everybody goes on.</summary>
    [Fact]
    public async Task WhereNobodyElseTakesPartOneCollectionIsEnough()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob", "carol");
        for (int i = 0; i < 8; i++)
        {
            world.Write(i % 2 == 0 ? "alice" : "bob", "x.txt", $"{i}");
            await world.SyncAsync();
        }
        await using (var session = await world.OpenAsync())
        {
            var collector = new FolderCollector(session);
            var collected = await collector.CollectAsync(new HashSet<StorageIndex>(), pretend: false, TestContext.Current.CancellationToken);
            collected.Reason.ShouldBeNull();
            collected.Freed.ShouldBe(collected.Rewritten);
            collected.Freed.ShouldBeGreaterThan(20);
            collected.Kept.ShouldBeLessThanOrEqualTo(3);
            var again = await collector.CollectAsync(new HashSet<StorageIndex>(), pretend: false, TestContext.Current.CancellationToken);
            again.ShouldBe(collected with { Freed = 0, Bytes = 0, Rewritten = 0, RewrittenBytes = 0 });
            world.Write("carol", "y.txt", "after");
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            world.Read("alice", "y.txt").ShouldBe("after");
        }
        world.Write("bob", "x.txt", "3");
        await world.SyncAsync();
        world.Read("alice", "x.txt").ShouldBe("3");
        using var view = world.View("carol");
        (await new Sync.Checking.FolderChecker(view, world.Grid, (IGridCare)world.Grid, TimeProvider.System).CheckAsync(repair: false, TestContext.Current.CancellationToken)).IsHealthy.ShouldBeTrue();
    }

    [Theory]
    [InlineData("packs")]
    [InlineData("head")]
    [InlineData("commit")]
    public async Task ACrashLosesNothingAndTheNextOneGoesOn(string point)
    {
        using var world = await TwoComputers.StartAsync();
        await world.ChangeOftenAsync("alice", "x.txt", 12);
        var grid = new DyingStorage(world.GridWith(world.FolderOf("alice").LeaseSecret), point);
        await using (var session = await world.OpenAsync("alice", grid))
        {
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            grid.Dies = true;
            await Should.ThrowAsync<FailingGrid.DeathException>(() => new FolderCollector(session).CollectAsync(new HashSet<StorageIndex>(), pretend: false, TestContext.Current.CancellationToken));
        }
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        int stored = Packs(world);
        var next = await world.CollectAsync("alice");
        next.Reason.ShouldBeNull();
        if (point == "head") Packs(world).ShouldBeLessThanOrEqualTo(stored, "what the crash left was used");
        if (point == "commit") next.Rewritten.ShouldBe(0);
        else next.Rewritten.ShouldBeGreaterThan(20);
        (await world.CollectAsync("alice")).Reason.ShouldBeNull();
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        await RestoreEachVersionAsync(world, "alice", 12);
        world.Write("alice", "y.txt", "after");
        await world.SyncAsync("alice", "bob");
        world.Read("bob", "y.txt").ShouldBe("after");
    }

    /// <summary>Its head is lost from the storage after its snapshots were moved: it is the head of after that which is written again.</summary>
    [Fact]
    public async Task TheHeadThatIsWrittenAgainIsTheMovedOne()
    {
        using var world = await TwoComputers.StartAsync();
        await world.ChangeOftenAsync("alice", "x.txt", 12);
        for (int i = 0; i < 2; i++) (await world.CollectAsync("alice")).Reason.ShouldBeNull();
        File.Delete(HeadShare(world, "alice"));
        await world.SyncAsync("alice");
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        await RestoreEachVersionAsync(world, "alice", 12);
    }

    /// <summary>The head of before the move stands there again: with all of the storage, or alone.</summary>
    [Fact]
    public async Task AHeadOfBeforeTheMoveIsPublishedOver()
    {
        using var world = await TwoComputers.StartAsync();
        await world.ChangeOftenAsync("alice", "x.txt", 12);
        byte[] former = await File.ReadAllBytesAsync(HeadShare(world, "alice"), TestContext.Current.CancellationToken);
        for (int i = 0; i < 2; i++) (await world.CollectAsync("alice")).Reason.ShouldBeNull();
        await File.WriteAllBytesAsync(HeadShare(world, "alice"), former, TestContext.Current.CancellationToken);
        await world.SyncAsync("alice");
        (await world.CheckAsync("alice")).IsHealthy.ShouldBeTrue();
        (await world.CollectAsync("alice")).Reason.ShouldBeNull();
        await RestoreEachVersionAsync(world, "alice", 12);
    }

    [Fact]
    public async Task NothingIsRewrittenWhenSomethingCannotBeRead()
    {
        using var world = await TwoComputers.StartAsync();
        await world.ChangeOftenAsync("alice", "x.txt", 12);
        string head = HeadShare(world, "alice");
        byte[] before = await File.ReadAllBytesAsync(head, TestContext.Current.CancellationToken);
        int packs = 0;
        foreach (string share in world.Shares().Where(share => !share.Contains(Path.GetDirectoryName(head)!, StringComparison.Ordinal)).ToArray())
        {
            File.Move(share, share + "-away");
            var refused = await world.CollectAsync("alice");
            refused.Reason.ShouldNotBeNull();
            refused.Rewritten.ShouldBe(0);
            (await File.ReadAllBytesAsync(head, TestContext.Current.CancellationToken)).ShouldBe(before);
            File.Move(share + "-away", share);
            packs++;
        }
        packs.ShouldBeGreaterThan(20);
        (await world.CollectAsync("alice")).Rewritten.ShouldBeGreaterThan(20);
    }

    private static int Packs(TwoComputers world) => world.Shares().Count() - 3;

    private static byte[] WriteRandom(TwoComputers world, string name, string path, int size)
    {
        byte[] content = new byte[size];
        EmbeddedWorld.Random.Fill(content);
        File.WriteAllBytes(world.At(name, path), content);
        return content;
    }

    /// <summary>It pulls and applies, and dies before it seals anything of its own.</summary>
    private static async Task JoinOnlyAsync(TwoComputers world, string name)
    {
        await using var session = await world.OpenAsync(name, new DyingStorage(world.GridWith(world.FolderOf(name).LeaseSecret), "lease") { Dies = true });
        await Should.ThrowAsync<FailingGrid.DeathException>(() => session.RunToRestAsync(TestContext.Current.CancellationToken));
    }

    private static string HeadShare(TwoComputers world, string name)
    {
        using var keys = Tahoe.Mutable.MutableKeys.FromPkcs8(world.FolderOf(name).Participants[0].PersonalKey.AsSpan());
        string index = keys.ToWriteCap().StorageIndex.ToString();
        return world.Shares().Single(share => Path.GetFileName(Path.GetDirectoryName(share)) == index);
    }

    /// <summary>x.txt was changed so many times; each of these versions is brought back outside of the folder.</summary>
    private static async Task RestoreEachVersionAsync(TwoComputers world, string name, int versions)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var view = FolderView.Open(world.FolderOf(name), world.StateOf(name), world.FolderOf(name).Participants[0]);
        await using var reader = await HistoryReader.OpenAsync(view, world.GridWith(world.FolderOf(name).LeaseSecret), cancel);
        var log = await reader.ReadLogAsync(cancel);
        log.Problems.ShouldBeEmpty();
        var found = (await reader.ReadPathAsync(log, RelativePath.Parse("x.txt"), cancel)).Where(version => version.Value is not null).ToArray();
        found.Length.ShouldBe(versions);
        for (int i = 0; i < versions; i++)
        {
            string target = Directory.CreateTempSubdirectory("magic-folder-restored-").FullName;
            try
            {
                using (var disk = LocalDisk.Open(target))
                    await new OutsideRestorer(reader, name, disk, EmbeddedWorld.Random).RestoreAsync(new RestoreRequest(RelativePath.Parse("x.txt"), found[i].Snapshot.Version, null), cancel);
                int number = versions - 1 - i;
                File.ReadAllText(Path.Combine(target, "x.txt")).ShouldBe($"{number} {new string('x', number)}");
            }
            finally
            {
                Directory.Delete(target, recursive: true);
            }
        }
    }

    /// <summary>The newest version that the log has, outside of the folder.</summary>
    private static async Task<byte[]> RestoreNewestAsync(TwoComputers world, string name, string path)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var view = FolderView.Open(world.FolderOf(name), world.StateOf(name), world.FolderOf(name).Participants[0]);
        await using var reader = await HistoryReader.OpenAsync(view, world.GridWith(world.FolderOf(name).LeaseSecret), cancel);
        var log = await reader.ReadLogAsync(cancel);
        string target = Directory.CreateTempSubdirectory("magic-folder-restored-").FullName;
        try
        {
            using (var disk = LocalDisk.Open(target))
                await new OutsideRestorer(reader, name, disk, EmbeddedWorld.Random).RestoreAsync(new RestoreRequest(RelativePath.Parse(path), log.Snapshots[0].Version, null), cancel);
            return File.Exists(Path.Combine(target, path)) ? await File.ReadAllBytesAsync(Path.Combine(target, path), cancel) : [];
        }
        finally
        {
            Directory.Delete(target, recursive: true);
        }
    }

    /// <summary>The program dies while packs are stored, before the head is written, or right after that.</summary>
    private sealed class DyingStorage(TahoeGrid inner, string point) : IGrid, IGridReclaimer
    {
        internal bool Dies { get; set; }

        public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => inner.ReadMutableAsync(cap, cancel);

        public async Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
        {
            if (Dies && point == "packs") throw new FailingGrid.DeathException();
            return await inner.PutImmutableAsync(content, size, key, cancel);
        }

        public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) => inner.OpenImmutableAsync(cap, cancel);

        public Task CreateMutableAsync(Tahoe.Mutable.MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => inner.CreateMutableAsync(keys, content, cancel);

        public async Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
        {
            if (Dies && point == "head") throw new FailingGrid.DeathException();
            long seqnum = await inner.PublishMutableAsync(cap, expectedSeqnum, content, cancel);
            return Dies ? throw new FailingGrid.DeathException() : seqnum;
        }

        public Task RewriteMutableAsync(Tahoe.Mutable.MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => inner.RewriteMutableAsync(keys, seqnum, content, cancel);

        public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => Dies && point == "lease" ? throw new FailingGrid.DeathException() : inner.RenewLeaseAsync(index, cancel);

        public Task RequireEveryServerAsync(CancellationToken cancel) => inner.RequireEveryServerAsync(cancel);

        public Task<Reclaimed> ReclaimAsync(StorageIndex index, bool pretend, CancellationToken cancel) => inner.ReclaimAsync(index, pretend, cancel);

        public Task EndLeaseAsync(StorageIndex index, CancellationToken cancel) => inner.EndLeaseAsync(index, cancel);
    }
}
