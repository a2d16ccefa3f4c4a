using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Publishing;

namespace MagicFolder.Snapshots.Retaining;

/// <summary>
/// Asks a snapshot where the contents of one path lie. Whoever holds the nodes of its tree does not read them again, and so does not see that what had gone was stored once more, elsewhere.
/// </summary>
/// <param name="blobs">Reads the nodes of the snapshot, each from the place that its parent names.</param>
/// <param name="catalog">Learns the places.</param>
public sealed class PlaceFinder(BlobReader blobs, IBlobCatalog catalog)
{
    /// <summary>Lists of chunks that are read for one path; of a larger content only some places are learnt at a time.</summary>
    private const int MostLists = 256;

    /// <returns>True if that tells of a place of which nobody had told.</returns>
    /// <exception cref="GridException">A node could not be got.</exception>
    /// <exception cref="DamagedBytesException">The snapshot or its tree is unsound.</exception>
    public async Task<bool> FindAsync(RelativePath path, BlobId snapshot, BlobLocation location, CancellationToken cancel = default)
    {
        var blob = await blobs.ReadFramedAtAsync(snapshot, location, cancel);
        var decoded = Snapshot.Decode(blob.Named);
        var id = decoded.Root;
        var place = ReferenceWalk.TableOf(blob, SnapshotPublisher.ReferencesOf(decoded).Length)[0].Location;
        int? above = null;
        while (place is { } at)
        {
            blob = await blobs.ReadFramedAtAsync(id, at, cancel);
            var node = DmtNode.Decode(blob.Named);
            if (node.Level >= above) throw CanonicalCbor.Malformed("tree");
            var places = ReferenceWalk.TableOf(blob, NodeReferences.Of(node).Count);
            if (node.IsLeaf) return await LearnAsync(path, node, places, cancel);
            int index = 0;
            while (index < node.Described.Count && node.Described[index].Last < path) index++;
            if (index == node.Described.Count) return false;
            (id, place, above) = (node.Described[index].Id, places[index].Location, node.Level);
        }
        return false;
    }

    private async Task<bool> LearnAsync(RelativePath path, DmtNode leaf, Place[] places, CancellationToken cancel)
    {
        var references = NodeReferences.Of(leaf);
        var item = leaf.Items.FirstOrDefault(item => item.Path == path);
        if (item.Entry is null) return false;
        bool isNew = false;
        var wanted = item.Entry.Siblings.Select(sibling => sibling.Value.Content).ToHashSet();
        for (int i = 0; i < places.Length; i++)
        {
            if (!wanted.Contains(references[i]) || places[i].Location is not { } location) continue;
            isNew |= Add(places[i].List ?? references[i], location);
            if (places[i].List is not { } list) continue;
            catalog.AddChunkList(references[i], list);
            isNew |= await LearnListAsync(list, location, cancel);
        }
        return isNew;
    }

    /// <summary>The list is read where it is named here: in an older place its table may lead to what has gone.</summary>
    private async Task<bool> LearnListAsync(BlobId top, BlobLocation location, CancellationToken cancel)
    {
        bool isNew = false;
        var ahead = new Queue<(BlobId Id, BlobLocation Location)>([(top, location)]);
        // A list may name one part many times.
        var named = new HashSet<(BlobId Id, BlobLocation Location)>();
        for (int i = 0; i < MostLists && ahead.TryDequeue(out var next); i++)
        {
            var blob = await blobs.ReadFramedAtAsync(next.Id, next.Location, cancel);
            var list = ChunkList.Decode(blob.Named);
            var places = ReferenceWalk.TableOf(blob, list.Parts.Length);
            for (int part = 0; part < places.Length; part++)
            {
                if (places[part].Location is not { } there || !named.Add((list.Parts[part].Id, there))) continue;
                isNew |= Add(list.Parts[part].Id, there);
                if (list.Level > 0) ahead.Enqueue((list.Parts[part].Id, there));
            }
        }
        return isNew;
    }

    private bool Add(BlobId id, BlobLocation location)
    {
        if (catalog.Find(id).Contains(location) || catalog.FindLost(id).Contains(location)) return false;
        catalog.Add(id, location);
        return true;
    }
}
