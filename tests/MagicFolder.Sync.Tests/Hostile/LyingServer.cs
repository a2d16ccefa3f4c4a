using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>A storage server whose answers to test-and-set need not be true.</summary>
internal sealed class LyingServer(IShareServer honest) : IShareServer
{
    /// <summary>Writes to mutable shares are accepted and not kept.</summary>
    internal bool Forgets { get; set; }

    /// <summary>They are kept and reported as refused.</summary>
    internal bool Denies { get; set; }

    /// <summary>Names of the objects at which the disk fails.</summary>
    internal HashSet<string> BadObjects { get; } = [];

    internal int Writes { get; private set; }

    public ServerIdentity Identity => honest.Identity;

    public async Task<ReadTestWriteResult> ReadTestWriteAsync(
        StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request, CancellationToken cancel)
    {
        ThrowIfBad(index);
        if (request.Shares.Count > 0) Writes++;
        if (Forgets) return new ReadTestWriteResult(true, new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>());
        var answer = await honest.ReadTestWriteAsync(index, enabler, lease, request, cancel);
        return Denies ? answer with { Success = false } : answer;
    }

    public Task<IReadOnlyList<int>> ListSharesAsync(StorageIndex index, CancellationToken cancel) => honest.ListSharesAsync(index, cancel);

    public Task<IShareUpload?> BeginUploadAsync(StorageIndex index, int number, long size, LeaseSecrets lease, CancellationToken cancel) =>
        honest.BeginUploadAsync(index, number, size, lease, cancel);

    public Task<IShareHandle> OpenShareAsync(StorageIndex index, int number, CancellationToken cancel)
    {
        ThrowIfBad(index);
        return honest.OpenShareAsync(index, number, cancel);
    }

    public Task<bool> AddOrRenewLeaseAsync(StorageIndex index, LeaseSecrets lease, CancellationToken cancel)
    {
        ThrowIfBad(index);
        return honest.AddOrRenewLeaseAsync(index, lease, cancel);
    }

    private void ThrowIfBad(StorageIndex index)
    {
        if (BadObjects.Contains(index.ToString())) throw new GridException(GridFailure.Io, $"The disk reports an input or output error at '{index}'. Check its health.");
    }
}
