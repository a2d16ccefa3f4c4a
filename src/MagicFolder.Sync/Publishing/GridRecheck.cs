using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;

namespace MagicFolder.Sync.Publishing;

/// <summary>
/// After the storage went back in time: what it was believed to hold is checked pack by pack and marked as lost where it is gone. Nodes are stored again when they are
/// published, and files whose content is gone are read again by the next scan.
/// </summary>
internal sealed class GridRecheck(EngineParts parts, EngineTools tools, PackLeases leases)
{
    /// <summary>True if the storage has all that it was believed to hold.</summary>
    internal async Task<bool> RunAsync(CancellationToken cancel)
    {
        using var transaction = parts.State.Begin();
        bool all = await leases.RenewAsync([.. parts.State.Packs.All().Select(row => row.Pack)], cancel);
        foreach (var record in parts.State.Records.All())
        {
            if (record.Value is not { Kind: EntryKind.File, Size: > 0 } value || record.Racy) continue;
            if (!tools.Catalog.ContainsContent(value.Content)) parts.State.Records.Put(record with { Racy = true });
        }
        transaction.Commit();
        return all;
    }
}
