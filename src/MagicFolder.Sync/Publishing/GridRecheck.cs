using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
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
    /// <summary>Conflict files that have another content than their version: their users have edited them. They are not read again as they are.</summary>
    private readonly Dictionary<RelativePath, DiskSignature> _others = [];

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

    /// <summary>No scan reads what stands beside: what has gone of it is stored again here.</summary>
    internal async Task StoreBesideAsync(CancellationToken cancel)
    {
        if (!parts.State.Packs.AnyLost()) return;
        var gone = parts.State.ConflictFiles.All().Where(file => tools.Catalog.HasGone(file.Value)).ToList();
        if (gone.Count == 0) return;
        using var transaction = parts.State.Begin();
        var read = new List<(ConflictFile File, DiskSignature Signature)>();
        foreach (var file in gone)
        {
            try
            {
                if (parts.Disk.StatOrNull(file.File) is not { Kind: DiskKind.File } stat || stat.Size != file.Value.Size || (_others.TryGetValue(file.File, out var other) && other == stat.ToSignature())) continue;
                await tools.Capture.ReadAsync(file.File, former: null, isRestless: false, cancel);
                read.Add((file, stat.ToSignature()));
            }
            catch (DiskException)
            {
                // It stays where it is, and is tried again in the next round.
            }
        }
        await tools.Packs.FlushAsync(cancel);
        transaction.Commit();
        foreach (var (file, signature) in read.Where(file => tools.Catalog.HasGone(file.File.Value))) _others[file.File] = signature;
    }

    /// <summary>
    /// Before a tree is stored that was not published as a whole. Nodes may have been stored while something below them had gone; lists are stored only after their chunks. Within a transaction.
    /// </summary>
    internal void DistrustTables()
    {
        if (!parts.State.Packs.AnyLost()) return;
        var lists = parts.State.Blobs.AllChunkLists();
        parts.State.Blobs.UncheckTables((id, _) => lists.Contains(id));
    }

    private List<RelativePath> Distrust()
    {
        // A node or a list that is still there may lead to something that is not.
        parts.State.Blobs.UncheckTables(static (_, _) => false);
        parts.State.Versions.Write(parts.State.Versions.Read()! with { PublishedRoot = null });
        var again = new List<RelativePath>();
        foreach (var record in parts.State.Records.All().Where(record => tools.Catalog.HasGone(record.Value)))
        {
            if (!record.Racy) parts.State.Records.Put(record with { Racy = true });
            again.Add(record.Path);
        }
        return again;
    }
}
