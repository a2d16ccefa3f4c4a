using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Retaining;
using MagicFolder.State;
using MagicFolder.Sync.Membership;

namespace MagicFolder.Sync.Repacking;

/// <summary>
/// What others have moved: where it lay before may go soon. Whoever has a node already does not read it when it is in a newer tree, so he does not see there that the contents in it have moved.
/// </summary>
internal static class MovedPlaces
{
    /// <summary>Does the snapshot of this participant that was joined last lie elsewhere than it did, or is it not told? A move changes that, since each snapshot says where its parent lies.</summary>
    internal static bool AreIn(Head head, string member, ParticipantDatabase state)
    {
        if (state.Heads.Find(member) is not { } seen) return false;
        foreach (var (id, location) in Places(head))
            if (id == seen.Snapshot) return !state.Blobs.Find(id).Contains(location) && !state.Blobs.FindLost(id).Contains(location);
        return true;
    }

    /// <summary>Tells the catalog where all lies that a head retains. What cannot be read is left aside.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal static async Task LearnAsync(Head head, BlobReader blobs, IBlobCatalog catalog, Reach reach, CancellationToken cancel)
    {
        var walk = new ReferenceWalk(blobs, FetchLimits.Default.MaxNodes);
        foreach (var (id, location) in Places(head))
        {
            try
            {
                await walk.AddAsync(id, location, cancel);
            }
            catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
            {
                // Others of its snapshots may be well.
            }
            catch (GridException e) when (e.Failure == GridFailure.Io)
            {
                if (!await reach.FailsAloneAsync(e, cancel)) throw;
            }
        }
        foreach (var (id, location) in walk.Places) catalog.Add(id, location);
    }

    private static IEnumerable<(BlobId Id, BlobLocation Location)> Places(Head head) =>
        head.Retained.Select(kept => (kept.Id, kept.Location)).Prepend((head.Snapshot, head.Location));
}
