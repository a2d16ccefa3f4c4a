using System.Text;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Publishing;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Publishing;

public sealed class PublishAndFetchTests
{
    [Fact]
    public async Task FromTheHeadAloneEveryFileComesBack()
    {
        await using var alice = new Room(options: new PackOptions { TargetSize = 2 << 20, Background = false });
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (int i = 0; i < 500; i++) files[$"small/{i % 7}/{i:d4}.txt"] = Encoding.UTF8.GetBytes($"file number {i} {new string('x', i)}");
        files["empty"] = [];
        files["large.bin"] = Room.RandomBytes(1, 9_000_000);
        files["large copy.bin"] = files["large.bin"];
        files["large tail.bin"] = [.. "head"u8, .. files["large.bin"]];
        var head = await PublishAsync(alice, files, seq: 1);

        await using var bob = new Room(alice.Grid);
        var read = Head.Decode(head.Encode());
        var snapshot = await bob.Fetcher.FetchSnapshotAsync(read.Snapshot, read.Location);
        await bob.Fetcher.FetchTreeAsync(snapshot.Root, bob.Nodes);

        var found = new Dictionary<string, byte[]>();
        foreach (var (path, entry) in Dmt.Open(bob.Nodes, snapshot.Root).Items())
        {
            var value = entry.Siblings.Single().Value;
            found[path.ToString()] = await bob.ReadAsync(value.Content, value.Size);
        }
        found.Keys.Order(StringComparer.Ordinal).ShouldBe(files.Keys);
        foreach (var (path, bytes) in files) found[path].ShouldBeBytes(bytes, path);
    }

    [Fact]
    public async Task WhatWasFetchedCanBePublishedOnWithoutStoringItAgain()
    {
        await using var alice = new Room();
        var head = await PublishAsync(alice, new() { ["a"] = [1], ["b"] = Room.RandomBytes(1, 6_000_000) }, seq: 1);
        await using var bob = new Room(alice.Grid, seed: 2);
        var snapshot = await bob.Fetcher.FetchSnapshotAsync(head.Snapshot, head.Location);
        await bob.Fetcher.FetchTreeAsync(snapshot.Root, bob.Nodes);
        long before = alice.Grid.BytesPut;

        byte[] added = [2];
        var content = await bob.Writer.WriteSmallAsync(added);
        var tree = Dmt.Open(bob.Nodes, snapshot.Root).With(Room.File("c", content, 2));
        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 2, head.Snapshot), bob.Nodes, bob.Catalog, bob.Packs);
        (alice.Grid.BytesPut - before).ShouldBeLessThan(4096);

        await using var carol = new Room(alice.Grid);
        var third = await carol.Fetcher.FetchSnapshotAsync(stored.Id, stored.Location);
        await carol.Fetcher.FetchTreeAsync(third.Root, carol.Nodes);
        (await carol.ReadAsync(content.Content, 1)).ShouldBeBytes(added);
        (await carol.ReadAsync(BlobId.Of(Room.RandomBytes(1, 6_000_000)), 6_000_000)).ShouldBeBytes(Room.RandomBytes(1, 6_000_000));
        carol.Catalog.Find(head.Snapshot).ShouldNotBeEmpty("the table behind a snapshot tells where its parent lies");
    }

    [Fact]
    public async Task OneChangedFileAmongAHundredThousandIsOneSmallPack()
    {
        await using var room = new Room();
        var content = await room.Writer.WriteSmallAsync("the same everywhere"u8.ToArray());
        var tree = Dmt.Empty(room.Nodes).With(Enumerable.Range(0, 100_000).Select(i => Room.File($"dir{i / 1000:d3}/file{i:d6}.txt", content, 1)));
        await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
        var (puts, bytes) = (room.Grid.Puts, room.Grid.BytesPut);

        var changed = await room.Writer.WriteSmallAsync("something new"u8.ToArray());
        tree = tree.With(Room.File("dir050/file050500.txt", changed, 2));
        await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 2), room.Nodes, room.Catalog, room.Packs);

        (room.Grid.Puts - puts).ShouldBe(1);
        (room.Grid.BytesPut - bytes).ShouldBeLessThan(64 * 1024);
    }

    [Fact]
    public async Task AFollowerFetchesOnlyTheNodesThatChanged()
    {
        await using var alice = new Room();
        var content = await alice.Writer.WriteSmallAsync("x"u8.ToArray());
        var tree = Dmt.Empty(alice.Nodes).With(Enumerable.Range(0, 20_000).Select(i => Room.File($"file{i:d6}", content, 1)));
        var first = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), alice.Nodes, alice.Catalog, alice.Packs);
        await using var bob = new Room(alice.Grid);
        await FetchAsync(bob, first);
        int before = bob.Nodes.Count;

        tree = tree.With(Room.File("file010000", content, 2));
        var second = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 2), alice.Nodes, alice.Catalog, alice.Packs);
        long read = alice.Grid.BytesRead;
        await FetchAsync(bob, second);

        (bob.Nodes.Count - before).ShouldBeInRange(1, 5);
        (alice.Grid.BytesRead - read).ShouldBeLessThan(64 * 1024);
    }

    [Fact]
    public async Task StoringTheSameSnapshotAgainStoresNothing()
    {
        await using var room = new Room();
        var content = await room.Writer.WriteSmallAsync("x"u8.ToArray());
        var tree = Dmt.Empty(room.Nodes).With(Room.File("a", content, 1));
        var first = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
        var second = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
        second.ShouldBe(first);
        room.Grid.Puts.ShouldBe(1);
    }

    [Fact]
    public async Task ASnapshotOfTheEmptyTreeComesBack()
    {
        await using var room = new Room();
        Dmt.Empty(room.Nodes);
        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(Dmt.EmptyRoot, 1), room.Nodes, room.Catalog, room.Packs);
        await using var bob = new Room(room.Grid);
        (await FetchAsync(bob, stored)).ShouldBe(Room.SnapshotOf(Dmt.EmptyRoot, 1));
        bob.Nodes.Contains(Dmt.EmptyRoot).ShouldBeTrue();
    }

    [Fact]
    public async Task AContentThatWasLostDoesNotStopThePublicationOfOthers()
    {
        await using var room = new Room();
        var lost = await room.Writer.WriteSmallAsync("lost by the storage"u8.ToArray());
        await room.Packs.FlushAsync();
        room.Catalog.Lost.UnionWith(room.Catalog.Packs);
        var other = await room.Writer.WriteSmallAsync("new"u8.ToArray());
        var tree = Dmt.Empty(room.Nodes).With(Room.File("a", lost, 1)).With(Room.File("b", other, 1));

        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);

        await using var bob = new Room(room.Grid);
        await FetchAsync(bob, stored);
        (await bob.ReadBlobAsync(lost.Content)).ShouldBeBytes("lost by the storage"u8.ToArray());
    }

    [Fact]
    public async Task AContentThatNobodyStoredStopsThePublication()
    {
        await using var room = new Room();
        byte[] bytes = "never stored"u8.ToArray();
        var tree = Dmt.Empty(room.Nodes).With(Room.File("a", new(BlobId.Of(bytes), bytes.Length, 1), 1));

        var error = await Should.ThrowAsync<UnknownBlobException>(() => SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs));
        error.Id.ShouldBe(BlobId.Of(bytes));
        room.Grid.Puts.ShouldBe(0);

        await room.Writer.WriteSmallAsync(bytes);
        await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
    }

    [Fact]
    public async Task APublicationIsRepeatedAfterTheGridFailed()
    {
        await using var room = new Room();
        var content = await room.Writer.WriteSmallAsync("x"u8.ToArray());
        var tree = Dmt.Empty(room.Nodes).With(Room.File("a", content, 1));
        room.Grid.FailPuts = GridFailure.Unavailable;
        await Should.ThrowAsync<GridException>(() => SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs));
        room.Grid.FailPuts = null;
        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
        room.Grid.Puts.ShouldBe(1);
        await using var bob = new Room(room.Grid);
        await FetchAsync(bob, stored);
        (await bob.ReadAsync(content.Content, 1)).ShouldBe("x"u8.ToArray());
    }

    [Fact]
    public async Task AnInterruptedFetchLeavesNothingThatLooksComplete()
    {
        await using var alice = new Room(options: new PackOptions { TargetSize = 4096, Background = false });
        var content = await alice.Writer.WriteSmallAsync("x"u8.ToArray());
        var tree = Dmt.Empty(alice.Nodes).With(Enumerable.Range(0, 5000).Select(i => Room.File($"file{i:d6}", content, 1)));
        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), alice.Nodes, alice.Catalog, alice.Packs);

        await using var bob = new Room(alice.Grid);
        var snapshot = await bob.Fetcher.FetchSnapshotAsync(stored.Id, stored.Location);
        int interruptions = 0;
        while (!bob.Nodes.Contains(snapshot.Root))
        {
            // Each attempt gets a little further than the last one.
            alice.Grid.ReadsLeft = 10;
            try
            {
                await bob.Fetcher.FetchTreeAsync(snapshot.Root, bob.Nodes);
            }
            catch (GridException e) when (e.Failure == GridFailure.Unavailable)
            {
                interruptions++;
            }
            foreach (var id in bob.Nodes.Ids) AssertComplete(bob.Nodes, id);
        }
        interruptions.ShouldBeGreaterThan(3);
        Dmt.Open(bob.Nodes, snapshot.Root).Items().Count().ShouldBe(5000);
    }

    [Fact]
    public async Task AFileWithTheBytesOfATreeNodeDoesNotConfuseAnything()
    {
        // Ids name bytes, whatever they are: so a node and a content can share one, in both orders.
        foreach (bool nodeFirst in new[] { true, false })
        {
            await using var room = new Room();
            var content = await room.Writer.WriteSmallAsync("x"u8.ToArray());
            var tree = Dmt.Empty(room.Nodes).With(Room.File("a", content, 1));
            byte[] node = room.Nodes.Load(tree.Root);
            if (nodeFirst) await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
            var twin = await room.Writer.WriteSmallAsync(node);
            twin.Content.ShouldBe(tree.Root);
            if (!nodeFirst) await room.Packs.FlushAsync();
            var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
            var both = tree.With(Room.File("b", twin, 2));
            var next = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(both.Root, 2, stored.Id), room.Nodes, room.Catalog, room.Packs);

            await using var bob = new Room(room.Grid);
            await FetchAsync(bob, stored);
            await FetchAsync(bob, next);
            (await bob.ReadAsync(content.Content, 1)).ShouldBe("x"u8.ToArray());
            (await bob.ReadAsync(twin.Content, twin.Size)).ShouldBeBytes(node);
        }
    }

    [Fact]
    public async Task ADeadHintFallsBackToWhatTheCatalogKnows()
    {
        await using var room = new Room();
        Dmt.Empty(room.Nodes);
        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(Dmt.EmptyRoot, 1), room.Nodes, room.Catalog, room.Packs);
        var dead = stored.Location with { Pack = new PackRef(stored.Location.Pack.Reveal().Replace(":1:1:", ":1:2:", StringComparison.Ordinal)) };
        (await room.Fetcher.FetchSnapshotAsync(stored.Id, dead)).Seq.ShouldBe(1);

        await using var bob = new Room(room.Grid);
        (await Should.ThrowAsync<GridException>(() => bob.Fetcher.FetchSnapshotAsync(stored.Id, dead))).Failure.ShouldBe(GridFailure.NotFound);
        bob.Catalog.Count.ShouldBe(0, "a hint that led nowhere is not remembered");
    }

    [Fact]
    public async Task HostilePacksEndInNamedExceptionsAndNothingFalseIsKept()
    {
        await using var alice = new Room();
        var head = await PublishAsync(
            alice,
            new() { ["a"] = [1], ["b"] = Room.RandomBytes(1, 3000), ["c/d"] = Room.RandomBytes(2, 6_000_000), ["c/e"] = new byte[100_000] },
            seq: 1);
        string cap = alice.Grid.Caps.Single();
        byte[] sound = alice.Grid[cap];
        var random = new Random(1);
        int refused = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] bytes = [.. sound];
            // Lists, nodes, the snapshot and the index lie at the end; chunks before.
            int reach = trial % 3 == 0 ? bytes.Length : 1500;
            for (int flips = random.Next(1, 6); flips > 0; flips--) bytes[^random.Next(1, reach)] ^= (byte)(1 << random.Next(8));
            alice.Grid.Replace(cap, bytes);
            await using var bob = new Room(alice.Grid);
            try
            {
                var snapshot = await bob.Fetcher.FetchSnapshotAsync(head.Snapshot, head.Location);
                await bob.Fetcher.FetchTreeAsync(snapshot.Root, bob.Nodes);
                foreach (var (_, entry) in Dmt.Open(bob.Nodes, snapshot.Root).Items())
                {
                    var value = entry.Siblings.Single().Value;
                    BlobId.Of(await bob.ReadAsync(value.Content, value.Size)).ShouldBe(value.Content);
                }
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                refused++;
            }
            foreach (var id in bob.Nodes.Ids) AssertComplete(bob.Nodes, id);
        }
        refused.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task ATreeBeyondTheLimitsIsRefused()
    {
        await using var alice = new Room();
        var content = await alice.Writer.WriteSmallAsync("x"u8.ToArray());
        var tree = Dmt.Empty(alice.Nodes).With(Enumerable.Range(0, 5000).Select(i => Room.File($"file{i:d6}", content, 1)));
        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), alice.Nodes, alice.Catalog, alice.Packs);

        foreach (var limits in new[] { new FetchLimits { MaxNodes = 20 }, new FetchLimits { MaxBytes = 20_000 } })
        {
            await using var bob = new Room(alice.Grid);
            var fetcher = new SnapshotFetcher(bob.Blobs, bob.Catalog, limits);
            var snapshot = await fetcher.FetchSnapshotAsync(stored.Id, stored.Location);
            (await Should.ThrowAsync<DamagedBytesException>(() => fetcher.FetchTreeAsync(snapshot.Root, bob.Nodes))).Reason.ShouldBe(DamageReason.TooLarge);
        }
    }

    private static void AssertComplete(MemoryNodes nodes, BlobId id)
    {
        nodes.Contains(id).ShouldBeTrue();
        foreach (var child in DmtNode.Decode(nodes.Load(id)).Children) nodes.Contains(child).ShouldBeTrue();
    }

    private static async Task<Snapshot> FetchAsync(Room room, StoredSnapshot stored)
    {
        var snapshot = await room.Fetcher.FetchSnapshotAsync(stored.Id, stored.Location);
        await room.Fetcher.FetchTreeAsync(snapshot.Root, room.Nodes);
        return snapshot;
    }

    private static async Task<Head> PublishAsync(Room room, SortedDictionary<string, byte[]> files, long seq)
    {
        var edits = new List<DmtEdit>();
        foreach (var (path, bytes) in files) edits.Add(Room.File(path, await room.Writer.WriteSmallAsync(bytes), seq));
        var tree = Dmt.Empty(room.Nodes).With(edits.OrderBy(edit => edit.Path));
        var stored = await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, seq), room.Nodes, room.Catalog, room.Packs);
        return new Head(Room.Folder, Room.Alice, [.. new byte[16]], [.. new byte[32]], seq, stored.Id, [1, 2, 3], stored.Location, []);
    }
}
