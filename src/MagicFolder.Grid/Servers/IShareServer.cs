using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// One storage server, in terms of storage index and share number. It knows nothing of keys or plain text and verifies nothing: that is the reader's part. Safe for
/// concurrent use, also by several processes. Trouble is a <see cref="GridException"/>.
/// </summary>
public interface IShareServer
{
    ServerIdentity Identity { get; }

    /// <summary>False once something else stands in its place, or nothing: then it is to be opened anew, since secrets follow from its identity.</summary>
    bool IsCurrent => true;

    /// <summary>Numbers of the finished shares of a slot, ascending; empty if there is none.</summary>
    Task<IReadOnlyList<int>> ListSharesAsync(StorageIndex index, CancellationToken cancel);

    /// <summary>
    /// Begins to write an immutable share of <paramref name="size"/> bytes. Null if that share is already there: then the lease on it has been added or renewed.
    /// </summary>
    Task<IShareUpload?> BeginUploadAsync(StorageIndex index, int number, long size, LeaseSecrets lease, CancellationToken cancel);

    /// <summary>Opens a share of either kind for reading. Fails with <see cref="GridFailure.NotFound"/>.</summary>
    Task<IShareHandle> OpenShareAsync(StorageIndex index, int number, CancellationToken cancel);

    /// <summary>
    /// Atomically compares, reads and writes the mutable shares of a slot (specification of the storage server, section 10). Fails with
    /// <see cref="GridFailure.Denied"/> if the write enabler is not the one recorded. A failed comparison is an answer, not an exception.
    /// </summary>
    Task<ReadTestWriteResult> ReadTestWriteAsync(
        StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request, CancellationToken cancel);

    /// <summary>
    /// Adds or renews a lease of 31 days on every share of the slot. False if it has none. Mutable shares are durable when it returns, also when their writer died just
    /// after putting them in place.
    /// </summary>
    Task<bool> AddOrRenewLeaseAsync(StorageIndex index, LeaseSecrets lease, CancellationToken cancel);
}
