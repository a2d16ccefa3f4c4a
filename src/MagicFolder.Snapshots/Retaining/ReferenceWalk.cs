using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Publishing;

namespace MagicFolder.Snapshots.Retaining;

/// <summary>
/// Finds every pack that published snapshots refer to, by following their tables of locations (docs/formats/pack.md, section 3): from a snapshot to its tree, from a leaf to the lists of chunks, from
/// these to the chunks. Each place is read by itself: one node may lie at several, with tables that lead to different packs, and another reader follows the one that he was told. Contents are
/// not read. One call at a time.
/// </summary>
/// <param name="blobs">Reads the tables.</param>
/// <param name="mostPlaces">More than so many are taken for an attack.</param>
public sealed class ReferenceWalk(BlobReader blobs, long mostPlaces = long.MaxValue)
{
    private long _mostPlaces = mostPlaces;
    private readonly HashSet<(BlobId Id, BlobLocation Location)> _read = [];
    private readonly HashSet<(BlobId Id, BlobLocation Location)> _places = [];
    private readonly HashSet<PackRef> _packs = [];

    private enum Kind
    {
        Node,
        List,
    }

    /// <summary>All packs that were named, but for those of parents of snapshots: a parent that is retained is walked by itself.</summary>
    public IReadOnlySet<PackRef> Packs => _packs;

    /// <summary>All places that were named, but for those of parents of snapshots.</summary>
    public IReadOnlySet<(BlobId Id, BlobLocation Location)> Places => _places;

    /// <summary>Was this place of a snapshot, a node or a list read, and all that its table leads to?</summary>
    public bool Has(BlobId id, BlobLocation location) => _read.Contains((id, location));

    /// <summary>From now on so many places more may be named: what belongs to one participant is walked then.</summary>
    public void Allow(long morePlaces) => _mostPlaces = _places.Count + morePlaces;

    /// <summary>Walks one snapshot, except for what was walked before.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="location">Where a head says that it lies.</param>
    /// <param name="cancel">Ends the walk.</param>
    /// <exception cref="Grid.GridException">A place cannot be read: what it refers to is not known.</exception>
    /// <exception cref="DamagedBytesException">What lies there is not what it should be, or does not say where something is.</exception>
    public async Task<Snapshot> AddAsync(BlobId id, BlobLocation location, CancellationToken cancel)
    {
        Note(id, location);
        var blob = await blobs.ReadFramedAtAsync(id, location, cancel);
        var snapshot = Snapshot.Decode(blob.Named);
        var places = TableOf(blob, SnapshotPublisher.ReferencesOf(snapshot).Length);
        await FollowAsync(snapshot.Root, places[0].Location ?? throw NoPlace(snapshot.Root), cancel);
        _read.Add((id, location));
        return snapshot;
    }

    private async Task FollowAsync(BlobId root, BlobLocation location, CancellationToken cancel)
    {
        var ahead = new Stack<(BlobId Id, BlobLocation Location, Kind Kind)>([(root, location, Kind.Node)]);
        while (ahead.TryPop(out var next))
        {
            cancel.ThrowIfCancellationRequested();
            Note(next.Id, next.Location);
            if (!_read.Add((next.Id, next.Location))) continue;
            var blob = await blobs.ReadFramedAtAsync(next.Id, next.Location, cancel);
            if (next.Kind == Kind.Node) FollowNode(blob, ahead);
            else FollowList(blob, ahead);
        }
    }

    private void FollowNode(FramedBlob blob, Stack<(BlobId Id, BlobLocation Location, Kind Kind)> ahead)
    {
        var node = DmtNode.Decode(blob.Named);
        var references = NodeReferences.Of(node);
        var places = TableOf(blob, references.Count);
        for (int i = 0; i < places.Length; i++)
        {
            var location = places[i].Location ?? throw NoPlace(references[i]);
            if (!node.IsLeaf) ahead.Push((references[i], location, Kind.Node));
            else if (places[i].List is { } list) ahead.Push((list, location, Kind.List));
            else Note(references[i], location);
        }
    }

    private void FollowList(FramedBlob blob, Stack<(BlobId Id, BlobLocation Location, Kind Kind)> ahead)
    {
        var list = ChunkList.Decode(blob.Named);
        var places = TableOf(blob, list.Parts.Length);
        for (int i = 0; i < places.Length; i++)
        {
            var location = places[i].Location ?? throw NoPlace(list.Parts[i].Id);
            if (list.Level > 0) ahead.Push((list.Parts[i].Id, location, Kind.List));
            else Note(list.Parts[i].Id, location);
        }
    }

    private void Note(BlobId id, BlobLocation location)
    {
        _packs.Add(location.Pack);
        if (_places.Add((id, location)) && _places.Count > _mostPlaces) throw new DamagedBytesException(DamageReason.TooLarge, "A history is larger than any folder may have.");
    }

    internal static Place[] TableOf(FramedBlob blob, int count) => blob.Table is { } table
        ? LocationTable.Decode(table, count, blob.Location.Pack)
        : throw new DamagedBytesException(DamageReason.Malformed, "A part of a retained snapshot lies there without its table of locations.");

    internal static DamagedBytesException NoPlace(BlobId id) => new(DamageReason.Malformed, $"A retained snapshot does not say where blob {id} lies.");
}
