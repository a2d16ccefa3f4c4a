using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Repacking;
using MagicFolder.Sync.Publishing;

namespace MagicFolder.Sync.Repacking;

/// <summary>
/// Takes all that a participant's own head retains out of some packs. Packs first, then the head: a crash leaves packs that no head names, which the next move finds in the state and uses, and the head of
/// before, which is as good as ever, for nothing is freed by this.
/// </summary>
internal sealed class HistoryMove(EngineParts parts, EngineTools tools, PublishStage publish)
{
    /// <summary>False when the head names none of the packs.</summary>
    /// <param name="leaving">The packs.</param>
    /// <param name="named">Where the histories of all participants say that a blob lies: what lies elsewhere already is not copied.</param>
    /// <param name="cancel">Ends it; what was stored by then serves the next time.</param>
    /// <exception cref="Grid.GridException">Something cannot be read, or not be written.</exception>
    /// <exception cref="Model.DamagedBytesException">Something is damaged.</exception>
    /// <exception cref="RefusedException">The own head is not the one published last, or something has gone meanwhile.</exception>
    internal async Task<bool> RunAsync(IReadOnlySet<PackRef> leaving, Func<BlobId, IEnumerable<BlobLocation>> named, CancellationToken cancel)
    {
        var found = await parts.Grid.ReadMutableAsync(parts.PersonalReadCap, cancel);
        if (found.Content.IsEmpty) return false;
        var head = Head.Decode(found.Content);
        var versions = parts.State.Versions.Read()!;
        if (head.Snapshot != versions.PublishedSnapshot || found.Seqnum != versions.HeadSeqnum)
            throw new RefusedException($"the storage shows another head of {parts.Petname} than was published here");

        using var known = new PackwiseCatalog(parts.State, tools.Catalog);
        var catalog = new LeavingCatalog(known, leaving, named);
        await using var blobs = new BlobReader(parts.Grid, catalog);
        await using var packs = new PackWriter(parts.Grid, parts.Random, catalog, blobs, new PackOptions { Background = parts.Options.Background, Underway = parts.Options.ThreadsInUse });
        var mover = new SnapshotMover(blobs, catalog, packs);
        bool moves = false;
        foreach (var kept in OldestFirst(head)) moves |= await mover.MoveAsync(kept.Id, kept.Location, cancel);
        await packs.FlushAsync(cancel);
        known.Commit();
        if (!moves) return false;
        var places = OldestFirst(head).ToDictionary(kept => kept.Id, kept => mover.FindMoved(kept.Id) ?? kept.Location);
        await publish.WriteMovedAsync(head.MovedTo(id => places[id]), cancel);
        return true;
    }

    private static IEnumerable<(BlobId Id, BlobLocation Location)> OldestFirst(Head head) =>
        head.Retained.Select(kept => (kept.Id, kept.Location)).Prepend((head.Snapshot, head.Location)).DistinctBy(kept => kept.Item1).Reverse();
}
