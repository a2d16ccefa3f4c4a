using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Servers;

/// <summary>A server to which, and from which, shares go only as fast as allowed. What is counted are the bytes of shares; questions and leases are free.</summary>
/// <param name="server">Which does the work.</param>
/// <param name="upload">For what is written; null for no limit.</param>
/// <param name="download">For what is read; null for no limit.</param>
public sealed class LimitedShareServer(IShareServer server, RateLimit? upload, RateLimit? download) : IShareServer
{
    public ServerIdentity Identity => server.Identity;

    /// <summary>Freeing moves no share, so nothing limits it; null if the server frees by itself.</summary>
    internal ICollectibleShares? Collectible => server as ICollectibleShares;

    public bool IsCurrent => server.IsCurrent;

    public Task<IReadOnlyList<int>> ListSharesAsync(StorageIndex index, CancellationToken cancel) => server.ListSharesAsync(index, cancel);

    public async Task<IShareUpload?> BeginUploadAsync(StorageIndex index, int number, long size, LeaseSecrets lease, CancellationToken cancel)
    {
        var begun = await server.BeginUploadAsync(index, number, size, lease, cancel);
        return begun is null || upload is null ? begun : new LimitedUpload(begun, upload);
    }

    public async Task<IShareHandle> OpenShareAsync(StorageIndex index, int number, CancellationToken cancel)
    {
        var opened = await server.OpenShareAsync(index, number, cancel);
        return download is null ? opened : new LimitedHandle(opened, download);
    }

    public async Task<ReadTestWriteResult> ReadTestWriteAsync(StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (upload is not null) await upload.TakeAsync(request.Shares.Sum(share => share.Writes.Sum(write => (long)write.Data.Length)), cancel);
        var result = await server.ReadTestWriteAsync(index, enabler, lease, request, cancel);
        if (download is not null) await download.TakeAsync(result.Data.Values.Sum(share => share.Sum(part => (long)part.Length)), cancel);
        return result;
    }

    public Task<bool> AddOrRenewLeaseAsync(StorageIndex index, LeaseSecrets lease, CancellationToken cancel) => server.AddOrRenewLeaseAsync(index, lease, cancel);

    private sealed class LimitedUpload(IShareUpload begun, RateLimit limit) : IShareUpload
    {
        public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
        {
            await limit.TakeAsync(data.Length, cancel);
            await begun.WriteAsync(data, cancel);
        }

        public Task<bool> FinishAsync(CancellationToken cancel) => begun.FinishAsync(cancel);

        public ValueTask DisposeAsync() => begun.DisposeAsync();
    }

    private sealed class LimitedHandle(IShareHandle opened, RateLimit limit) : IShareHandle
    {
        public long Length => opened.Length;

        public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
        {
            await limit.TakeAsync(destination.Length, cancel);
            await opened.ReadAsync(offset, destination, cancel);
        }

        public ValueTask DisposeAsync() => opened.DisposeAsync();
    }
}
