using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Servers;

/// <summary>A server whose unreferenced shares its owner may free: the embedded grid. Remote servers free by lease alone and do not offer this.</summary>
public interface ICollectibleShares
{
    /// <summary>Every slot that holds a share, in no particular order. Slots made or freed meanwhile may or may not be listed.</summary>
    IEnumerable<StorageIndex> EnumerateSlots();

    /// <summary>
    /// Deletes the immutable shares of a slot that no lease keeps alive. The caller has made sure that nothing refers to them; a lease added since then is
    /// seen, because leases are looked at under the slot's lock. Mutable shares are never deleted.
    /// </summary>
    Task<Reclaimed> DeleteUnleasedAsync(StorageIndex index, CancellationToken cancel);
}
