using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Publishing;
using MagicFolder.Snapshots.Repacking;
using MagicFolder.Snapshots.Retaining;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Retaining;

/// <summary>The same tree was stored twice, since what it needed had gone from where it was.</summary>
public sealed class PlaceFinderTests : IAsyncDisposable
{
    private static readonly byte[] Small = [1, 2, 3];
    private static readonly byte[] Large = Room.RandomBytes(1, 6_000_000);
    private readonly Room _first = new(seed: 1);
    private readonly Room _again;
    private readonly Room _reader;

    public PlaceFinderTests()
    {
        _again = new Room(_first.Grid, seed: 2);
        _reader = new Room(_first.Grid, seed: 3);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("large")]
    public async Task AContentThatWasStoredOnceMoreIsFoundByThePathOfIt(string path)
    {
        var (content, _) = await StoreAndFetchAsync();
        byte[] bytes = path == "small" ? Small : Large;
        await Should.ThrowAsync<GridException>(() => _reader.ReadAsync(content[path].Content, bytes.Length));

        var stored = await StoreAsync(_again, content: []);
        await new PlaceFinder(_reader.Blobs, _reader.Catalog).FindAsync(RelativePath.Parse(path), stored.Id, stored.Location);
        (await _reader.ReadAsync(content[path].Content, bytes.Length)).ShouldBeBytes(bytes);
    }

    [Fact]
    public async Task APathThatIsNotInTheSnapshotTeachesNothing()
    {
        await StoreAndFetchAsync();
        var stored = await StoreAsync(_again, content: []);
        int before = _reader.Catalog.Count;
        foreach (string path in (string[])["a", "small/x", "zzz"]) await new PlaceFinder(_reader.Blobs, _reader.Catalog).FindAsync(RelativePath.Parse(path), stored.Id, stored.Location);
        _reader.Catalog.Count.ShouldBe(before);
    }

    [Fact]
    public async Task RewritingPacksDoesNotLeadBackToWhereSomethingHasGone()
    {
        // The history has a snapshot from before, which names the place that has gone.
        var (content, before) = await StoreAndFetchAsync(onlySmall: true);
        var after = await StoreAsync(_again, content: [], onlySmall: true);
        var known = new MemoryCatalog();
        foreach (var pack in _first.Catalog.Packs.Where(pack => pack != before.Location.Pack)) known.Lost.Add(pack);
        foreach (var id in content.Values.Select(summary => summary.Content))
            foreach (var room in (Room[])[_first, _again])
                foreach (var place in room.Catalog.Find(id)) known.Confirm(id, place);
        var leaving = new LeavingCatalog(known, _again.Catalog.Packs.ToHashSet(), _ => []);
        await using var blobs = new BlobReader(_first.Grid, leaving);
        await using var packs = new PackWriter(_first.Grid, new SeededRandom(4), leaving, blobs, new PackOptions { Background = false });
        var mover = new SnapshotMover(blobs, leaving, packs);
        await mover.MoveAsync(before.Id, before.Location, CancellationToken.None);
        await mover.MoveAsync(after.Id, after.Location, CancellationToken.None);
        await packs.FlushAsync();

        var walk = new ReferenceWalk(_first.Blobs);
        await walk.AddAsync(after.Id, mover.FindMoved(after.Id)!.Value, CancellationToken.None);
        walk.Packs.ShouldNotContain(pack => known.Lost.Contains(pack));
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _again.DisposeAsync();
        await _reader.DisposeAsync();
    }

    /// <summary>The reader has the tree; then the packs with the contents go.</summary>
    private async Task<(Dictionary<string, ContentSummary> Content, StoredSnapshot Stored)> StoreAndFetchAsync(bool onlySmall = false)
    {
        var content = new Dictionary<string, ContentSummary>();
        var stored = await StoreAsync(_first, content, onlySmall);
        var snapshot = await _reader.Fetcher.FetchSnapshotAsync(stored.Id, stored.Location);
        await _reader.Fetcher.FetchTreeAsync(snapshot.Root, _reader.Nodes);
        var kept = stored.Location.Pack;
        foreach (var pack in _first.Catalog.Packs.Where(pack => pack != kept)) _first.Grid.Remove(pack.Reveal());
        return (content, stored);
    }

    /// <summary>The contents in packs of their own.</summary>
    private static async Task<StoredSnapshot> StoreAsync(Room room, Dictionary<string, ContentSummary> content, bool onlySmall = false)
    {
        if (!onlySmall)
        {
            room.Writer.Begin(former: null);
            await room.Writer.AppendAsync(Large);
            content["large"] = await room.Writer.CompleteAsync();
        }
        content["small"] = await room.Writer.WriteSmallAsync(Small);
        await room.Packs.FlushAsync();
        var tree = Dmt.Empty(room.Nodes).With(content.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => Room.File(file.Key, file.Value, 1)));
        return await SnapshotPublisher.StoreAsync(Room.SnapshotOf(tree.Root, 1), room.Nodes, room.Catalog, room.Packs);
    }
}
