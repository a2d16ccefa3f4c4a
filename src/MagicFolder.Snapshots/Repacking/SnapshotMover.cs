using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Publishing;
using MagicFolder.Snapshots.Retaining;

namespace MagicFolder.Snapshots.Repacking;

/// <summary>
/// Takes published snapshots out of some packs: each blob in them is read, verified and added to new packs, unless it lies elsewhere already, and each list, node and snapshot above what has moved gets a
/// new table of locations. No id changes. What is added is durable only after <see cref="PackWriter.FlushAsync"/>. One call at a time.
/// </summary>
/// <param name="blobs">Reads through <paramref name="catalog"/>.</param>
/// <param name="catalog">Knows which packs are left.</param>
/// <param name="packs">Writes through <paramref name="catalog"/>.</param>
public sealed class SnapshotMover(BlobReader blobs, LeavingCatalog catalog, PackWriter packs)
{
    private readonly Dictionary<(BlobId Id, BlobLocation Location), bool> _moved = [];
    private readonly HashSet<BlobId> _movedSnapshots = [];

    /// <summary>Places of nodes and lists whose tables lead to where something has gone: they stay, but nothing else is to be led there.</summary>
    private readonly HashSet<(BlobId Id, BlobLocation Location)> _blind = [];

    /// <summary>Moves what has to be moved of one snapshot. Parents first: a snapshot says where its parent lies.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="location">Where a head says that it lies.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Does the snapshot lie elsewhere from now on?</returns>
    /// <exception cref="Grid.GridException">Something cannot be read, or not be stored.</exception>
    /// <exception cref="DamagedBytesException">What lies there is not what it should be, or does not say where something is.</exception>
    public async Task<bool> MoveAsync(BlobId id, BlobLocation location, CancellationToken cancel)
    {
        if (_movedSnapshots.Contains(id)) return true;
        var blob = await blobs.ReadFramedAtAsync(id, location, cancel);
        var snapshot = Snapshot.Decode(blob.Named);
        var references = SnapshotPublisher.ReferencesOf(snapshot);
        var root = ReferenceWalk.TableOf(blob, references.Length)[0].Location ?? throw ReferenceWalk.NoPlace(snapshot.Root);
        bool moved = await MoveNodeAsync(snapshot.Root, root, cancel) || catalog.IsLeaving(location.Pack) || (snapshot.Parent is { } parent && _movedSnapshots.Contains(parent));
        await PlaceAsync(blob, id, references, moved, isBlind: _blind.Contains((snapshot.Root, root)), cancel);
        if (moved) _movedSnapshots.Add(id);
        return moved;
    }

    /// <summary>Where a snapshot lies that was moved, after all was flushed; null when it stays where it is.</summary>
    public BlobLocation? FindMoved(BlobId id) => _movedSnapshots.Contains(id) ? catalog.FindFramed(id) : null;

    private async ValueTask<bool> MoveNodeAsync(BlobId id, BlobLocation location, CancellationToken cancel)
    {
        if (_moved.TryGetValue((id, location), out bool known)) return known;
        var blob = await blobs.ReadFramedAtAsync(id, location, cancel);
        var node = DmtNode.Decode(blob.Named);
        var kind = node.IsLeaf ? ReferenceKind.Content : ReferenceKind.Blob;
        Reference[] references = [.. NodeReferences.Of(node).Select(reference => new Reference(reference, kind))];
        var places = ReferenceWalk.TableOf(blob, references.Length);
        bool moved = catalog.IsLeaving(location.Pack);
        bool isBlind = false;
        for (int i = 0; i < places.Length; i++)
        {
            var place = places[i].Location ?? throw ReferenceWalk.NoPlace(references[i].Id);
            if (!node.IsLeaf) moved |= await MoveNodeAsync(references[i].Id, place, cancel);
            else if (places[i].List is not { } list) moved |= await MoveChunkAsync(references[i].Id, place, cancel);
            else
            {
                catalog.AddChunkList(references[i].Id, list);
                moved |= await MoveListAsync(list, place, cancel);
            }
            isBlind |= IsBlind(places[i].List ?? references[i].Id, place);
        }
        await PlaceAsync(blob, id, references, moved, isBlind, cancel);
        _moved[(id, location)] = moved;
        return moved;
    }

    private async ValueTask<bool> MoveListAsync(BlobId id, BlobLocation location, CancellationToken cancel)
    {
        if (_moved.TryGetValue((id, location), out bool known)) return known;
        var blob = await blobs.ReadFramedAtAsync(id, location, cancel);
        var list = ChunkList.Decode(blob.Named);
        Reference[] references = [.. list.Parts.Select(part => new Reference(part.Id, ReferenceKind.Blob))];
        var places = ReferenceWalk.TableOf(blob, references.Length);
        bool moved = catalog.IsLeaving(location.Pack);
        bool isBlind = false;
        for (int i = 0; i < places.Length; i++)
        {
            var place = places[i].Location ?? throw ReferenceWalk.NoPlace(references[i].Id);
            moved |= list.Level > 0 ? await MoveListAsync(references[i].Id, place, cancel) : await MoveChunkAsync(references[i].Id, place, cancel);
            isBlind |= IsBlind(references[i].Id, place);
        }
        await PlaceAsync(blob, id, references, moved, isBlind, cancel);
        _moved[(id, location)] = moved;
        return moved;
    }

    private async ValueTask<bool> MoveChunkAsync(BlobId id, BlobLocation location, CancellationToken cancel)
    {
        if (!catalog.IsLeaving(location.Pack))
        {
            if (!IsBlind(id, location)) catalog.Keep(id, location);
            return false;
        }
        if (await packs.IsStoredAsync(id, cancel)) return true;
        using var bytes = await blobs.ReadAtAsync(id, location, cancel);
        await packs.AddAsync(id, bytes.Memory, cancel);
        return true;
    }

    private bool IsBlind(BlobId id, BlobLocation location) => catalog.IsLost(id, location) || _blind.Contains((id, location));

    private async ValueTask PlaceAsync(FramedBlob blob, BlobId id, Reference[] references, bool moved, bool isBlind, CancellationToken cancel)
    {
        if (isBlind) _blind.Add((id, blob.Location));
        if (moved) await packs.AddFramedAsync(id, blob.Named, references, cancel);
        else if (!isBlind) catalog.Keep(id, blob.Location);
    }
}
