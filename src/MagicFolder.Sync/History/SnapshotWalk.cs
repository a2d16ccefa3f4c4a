using System.Runtime.CompilerServices;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.History;

/// <summary>
/// Walks the chains of published snapshots backwards, newest first, bringing what is needed of their trees from the grid. Nodes are fetched path by path:
/// looking up one path in an old snapshot costs a handful of nodes.
/// </summary>
internal sealed class SnapshotWalk(EngineParts parts, EngineTools tools)
{
    /// <summary>How far back a file without a record is looked for.</summary>
    private const int RecognitionDepth = 64;

    private List<Snapshot>? _recent;
    private List<BlobId> _newest = [];

    /// <summary>Reads the recent snapshots, again when there are newer ones. False when there is no history, as in a new folder.</summary>
    internal async ValueTask<bool> OpenAsync(CancellationToken cancel)
    {
        List<BlobId> newest = [.. NewestIds()];
        if (_recent is not null && newest.SequenceEqual(_newest)) return _recent.Count > 0;
        var recent = new List<Snapshot>();
        await foreach (var snapshot in ChainsAsync(RecognitionDepth, cancel)) recent.Add(snapshot);
        (_recent, _newest) = (recent, newest);
        return recent.Count > 0;
    }

    /// <summary>The entries that this path had in the recent snapshots, each different one once.</summary>
    internal async IAsyncEnumerable<(Snapshot Snapshot, Entry Entry)> VersionsAsync(
        RelativePath path, [EnumeratorCancellation] CancellationToken cancel)
    {
        Entry? last = null;
        foreach (var snapshot in _recent!)
        {
            if (await FindIfThereAsync(snapshot.Root, path, cancel) is not { } entry || entry.Equals(last)) continue;
            last = entry;
            yield return (snapshot, entry);
        }
    }

    /// <summary>All snapshots reachable from the newest known heads, newest first within each chain, at most <paramref name="depth"/> of each.</summary>
    internal async IAsyncEnumerable<Snapshot> ChainsAsync(int depth, [EnumeratorCancellation] CancellationToken cancel)
    {
        var seen = new HashSet<BlobId>();
        foreach (var start in NewestIds())
        {
            BlobId? next = start;
            for (int i = 0; i < depth && next is { } id && seen.Add(id); i++)
            {
                Snapshot snapshot;
                try
                {
                    snapshot = await tools.Fetcher.FetchSnapshotAsync(id, null, cancel);
                }
                catch (Exception e) when (IsGone(e))
                {
                    // Older history that is not there any more ends the walk of this chain; what is newer stays usable. What only cannot be had now is waited for.
                    break;
                }
                yield return snapshot;
                next = snapshot.Parent;
            }
        }
    }

    /// <summary>Null also where what a tree consists of is not there any more: somebody has freed it, or it was damaged.</summary>
    private async ValueTask<Entry?> FindIfThereAsync(BlobId root, RelativePath path, CancellationToken cancel)
    {
        try
        {
            return await FindAsync(root, path, cancel);
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }

    private static bool IsGone(Exception e) => e is DamagedBytesException or Grid.GridException { IsPermanent: true };

    /// <summary>The entry of a path in the tree with this root, fetching only the nodes on the way.</summary>
    internal async ValueTask<Entry?> FindAsync(BlobId root, RelativePath path, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return Dmt.Open(tools.OldNodes, root).Find(path);
            }
            catch (MissingNodeException missing)
            {
                await tools.Fetcher.FetchSingleNodeAsync(missing.Id, tools.OldNodes, cancel);
            }
        }
    }

    private IEnumerable<BlobId> NewestIds()
    {
        if (parts.State.Versions.Read()?.PublishedSnapshot is { } own) yield return own;
        foreach (var head in parts.State.Heads.All()) yield return head.Snapshot;
    }
}
