using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;

namespace MagicFolder.Sync.Publishing;

/// <summary>
/// After the storage has lost something: what it was believed to hold is checked pack by pack and marked as lost where it is gone. Nodes are stored again when they are
/// published, and files whose content is gone are read again by the next scan, conflict files before that.
/// </summary>
internal sealed class GridRecheck(EngineParts parts, EngineTools tools, PackLeases leases)
{
    /// <summary>The storage went back in time, so anything may be gone. True if it has all that it was believed to hold.</summary>
    internal async Task<bool> RunAsync(CancellationToken cancel)
    {
        using var transaction = parts.State.Begin();
        bool all = await leases.RenewAsync([.. parts.State.Packs.All().Select(row => row.Pack)], cancel);
        if (!all) Distrust();
        transaction.Commit();
        return all;
    }

    /// <summary>Packs on which there was no lease have gone: somebody has freed them, to whom nothing that was published referred to them.</summary>
    /// <returns>The files that have to be read again before they are stored.</returns>
    internal async Task<IReadOnlyList<RelativePath>> RunDueAsync(CancellationToken cancel)
    {
        using var transaction = parts.State.Begin();
        await leases.RenewDueAsync(cancel);
        var again = Distrust();
        transaction.Commit();
        return again;
    }

    /// <summary>No scan reads what stands beside: before something newer is published, what has gone of it is stored again here.</summary>
    internal async Task StoreBesideAsync(CancellationToken cancel)
    {
        if (!parts.State.Packs.AnyLost()) return;
        var gone = parts.State.ConflictFiles.All().Where(file => file.Value is { Kind: EntryKind.File, Size: > 0 } value && !tools.Catalog.ContainsContent(value.Content)).ToList();
        if (gone.Count == 0) return;
        using var transaction = parts.State.Begin();
        foreach (var file in gone)
        {
            try
            {
                await tools.Capture.ReadAsync(file.File, former: null, cancel);
            }
            catch (DiskException)
            {
                // It stays where it is, and is tried again with the next snapshot.
            }
        }
        await tools.Packs.FlushAsync(cancel);
        transaction.Commit();
    }

    private List<RelativePath> Distrust()
    {
        // A node or a list that is still there may lead to something that is not.
        parts.State.Blobs.UncheckTables(static (_, _) => false);
        var again = new List<RelativePath>();
        foreach (var record in parts.State.Records.All())
        {
            if (record.Value is not { Kind: EntryKind.File, Size: > 0 } value || tools.Catalog.ContainsContent(value.Content)) continue;
            if (!record.Racy) parts.State.Records.Put(record with { Racy = true });
            again.Add(record.Path);
        }
        return again;
    }
}
