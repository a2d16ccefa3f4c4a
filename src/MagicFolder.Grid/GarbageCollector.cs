using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid;

/// <summary>
/// Frees immutable shares that nothing refers to and no lease keeps alive. Both must hold: an expired lease alone frees nothing, since its owner may only have been
/// away for long; and an unreferenced pack with a lease may have been put just now, for a head that is not written yet.
/// </summary>
public sealed class GarbageCollector(ICollectibleShares shares)
{
    /// <summary>Looks at every slot once. Safe while others read and write; may be cancelled and begun again.</summary>
    /// <param name="isReferenced">Marked from every head, before this call. It must be true for everything when any head could not be read.</param>
    /// <param name="cancel">Stops between two slots.</param>
    public async Task<GarbageReport> CollectAsync(Func<StorageIndex, bool> isReferenced, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(isReferenced);
        var report = default(GarbageReport);
        foreach (var index in shares.EnumerateSlots())
        {
            cancel.ThrowIfCancellationRequested();
            if (isReferenced(index))
            {
                report = report with { Kept = report.Kept + 1 };
                continue;
            }

            var reclaimed = await shares.DeleteUnleasedAsync(index, cancel);
            report = reclaimed.Outcome switch
            {
                ReclaimOutcome.Deleted => report with { Deleted = report.Deleted + 1, BytesFreed = report.BytesFreed + reclaimed.Bytes },
                ReclaimOutcome.Damaged => report with { Damaged = report.Damaged + 1 },
                ReclaimOutcome.NotFound => report,
                _ => report with { Kept = report.Kept + 1 },
            };
        }

        return report;
    }
}
