using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Publishing;

/// <summary>
/// After the storage went back in time: what it was believed to hold is checked pack by pack and marked as lost where it is gone. Nodes are stored again when they are
/// published, and files whose content is gone are read again by the next scan.
/// </summary>
internal sealed class GridRecheck(EngineParts parts, EngineTools tools)
{
    internal async Task RunAsync(CancellationToken cancel)
    {
        using var transaction = parts.State.Begin();
        foreach (var pack in parts.State.Packs.All().ToArray())
        {
            // What others call a pack need not be one.
            if (!Cap.TryParse(pack.Pack.Reveal(), out var parsed) || parsed is not ChkCap cap) continue;
            if (await parts.Grid.RenewLeaseAsync(cap.StorageIndex, cancel)) tools.Catalog.PackStored(pack.Pack);
            else parts.State.Packs.MarkLost(pack.Pack);
        }
        foreach (var record in parts.State.Records.All())
        {
            if (record.Value is not { Kind: EntryKind.File, Size: > 0 } value || record.Racy) continue;
            if (!tools.Catalog.ContainsContent(value.Content)) parts.State.Records.Put(record with { Racy = true });
        }
        transaction.Commit();
    }
}
