using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Snapshots.Retaining;
using MagicFolder.State;

namespace MagicFolder.Sync.Pulling;

/// <summary>
/// Paths whose content is at none of the places that are known. The newest snapshot of each other participant is asked once where it lies: somebody may have stored it once more. In memory alone: what
/// is still missing is noted again by each try.
/// </summary>
internal sealed class MissingContents(ParticipantDatabase state, PlaceFinder places)
{
    /// <summary>The others get their turn when these have been asked for.</summary>
    private const int Most = 1000;

    /// <summary>Which were asked is forgotten then, so some are asked once more.</summary>
    private const int MostAsked = 100_000;

    private readonly HashSet<RelativePath> _paths = [];
    private bool _hasMore;
    private readonly HashSet<(BlobId Snapshot, RelativePath Path)> _asked = [];

    internal void Note(RelativePath path)
    {
        if (state.Heads.All().All(head => _asked.Contains((head.Snapshot, path)))) return;
        if (_paths.Count < Most) _paths.Add(path);
        else _hasMore = true;
    }

    /// <summary>Were there more than could be asked for? They are to be noted again, by another try, without waiting.</summary>
    internal bool TakeMore()
    {
        bool hasMore = _hasMore;
        _hasMore = false;
        return hasMore;
    }

    /// <summary>True if somebody told of another place: it is worth another try.</summary>
    internal async Task<bool> AskAsync(CancellationToken cancel)
    {
        if (_paths.Count == 0) return false;
        bool isTold = false;
        var asked = new List<(BlobId Snapshot, RelativePath Path)>();
        using var transaction = state.Begin();
        foreach (var head in state.Heads.All())
        {
            foreach (var path in _paths)
            {
                if (_asked.Contains((head.Snapshot, path)) || await TryAskAsync(path, head.Snapshot, cancel) is not { } told) continue;
                asked.Add((head.Snapshot, path));
                isTold |= told;
            }
        }
        transaction.Commit();
        _paths.Clear();
        if (_asked.Count + asked.Count > MostAsked) _asked.Clear();
        _asked.UnionWith(asked);
        return isTold;
    }

    /// <summary>Null when the storage cannot be reached now.</summary>
    private async Task<bool?> TryAskAsync(RelativePath path, BlobId snapshot, CancellationToken cancel)
    {
        foreach (var location in state.Blobs.Find(snapshot))
        {
            try
            {
                return await places.FindAsync(path, snapshot, location, cancel);
            }
            catch (GridException e) when (!e.IsPermanent)
            {
                return null;
            }
            catch (Exception e) when (e is DamagedBytesException or GridException)
            {
                // Another place, or somebody else, may tell.
            }
        }
        return false;
    }
}
