using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// A server whose shares their owner may free: the embedded grid. Remote servers free by lease alone and do not offer this. There is no way to list what it holds: whoever frees knows
/// what he made, and everything else is somebody else's.
/// </summary>
public interface ICollectibleShares
{
    /// <summary>
    /// Deletes the immutable shares of a slot if no lease of anybody else keeps one of them alive. The caller has made sure that nothing he knows of refers to them; a lease that somebody has
    /// added since then is seen, because leases are looked at under the slot's lock. Mutable shares are never deleted.
    /// </summary>
    /// <param name="index">The slot.</param>
    /// <param name="own">The lease that does not count, for it is the caller's own; null when every one counts.</param>
    /// <param name="cancel">Stops waiting for the lock.</param>
    Task<Reclaimed> DeleteUnleasedAsync(StorageIndex index, LeaseSecrets? own, CancellationToken cancel);

    /// <summary>What <see cref="DeleteUnleasedAsync"/> would do now, with the bytes that it would free. Changes nothing.</summary>
    Task<Reclaimed> LookUnleasedAsync(StorageIndex index, LeaseSecrets? own, CancellationToken cancel);

    /// <summary>Ends a lease now, on every immutable share of the slot that has it. It can be renewed like one that ran out.</summary>
    Task EndLeaseAsync(StorageIndex index, LeaseSecrets own, CancellationToken cancel);
}
