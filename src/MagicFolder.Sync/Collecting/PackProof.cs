using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Collecting;

/// <summary>What an object is that somebody called a pack. Any member may give out what it has a cap of, such as an exported file, as the place of a content; that this was read there says nothing of the rest.</summary>
internal enum PackProof
{
    /// <summary>A pack as this program writes them; or nothing at all is there any more.</summary>
    Pack,

    /// <summary>Something else. It is not the folder's, so it stays.</summary>
    Other,

    /// <summary>It cannot be told.</summary>
    Damaged,
}

internal static class PackProofs
{
    /// <exception cref="GridException">It cannot be reached now.</exception>
    internal static async Task<PackProof> LookAsync(IGrid grid, IGridReclaimer reclaimer, PackRef pack, StorageIndex index, CancellationToken cancel)
    {
        try
        {
            await using var file = await grid.OpenImmutableAsync((ImmutableCap)Cap.Parse(pack.Reveal()), cancel);
            await PackIndex.ReadAsync(file, pack, cancel);
            return PackProof.Pack;
        }
        catch (DamagedBytesException)
        {
            return PackProof.Other;
        }
        catch (GridException e) when (e.Failure is GridFailure.NotFound)
        {
            return (await reclaimer.ReclaimAsync(index, pretend: true, cancel)).Outcome == ReclaimOutcome.NotFound ? PackProof.Pack : PackProof.Damaged;
        }
        catch (GridException e) when (e.Failure is GridFailure.Damaged)
        {
            return PackProof.Damaged;
        }
    }
}
