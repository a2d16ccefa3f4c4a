using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Benchmarks.Counting;

/// <summary>Counts the calls to a storage server, and the bytes of shares that go there and come from there.</summary>
internal sealed class CountingServer(IShareServer server, Tally tally) : IShareServer
{
    private const string Written = "grid bytes written";
    private const string Read = "grid bytes read";

    public ServerIdentity Identity => server.Identity;

    public bool IsCurrent => server.IsCurrent;

    public Task<IReadOnlyList<int>> ListSharesAsync(StorageIndex index, CancellationToken cancel)
    {
        tally.Add("grid ListShares");
        return server.ListSharesAsync(index, cancel);
    }

    public async Task<IShareUpload?> BeginUploadAsync(StorageIndex index, int number, long size, LeaseSecrets lease, CancellationToken cancel)
    {
        tally.Add("grid BeginUpload");
        return await server.BeginUploadAsync(index, number, size, lease, cancel) is { } begun ? new Upload(begun, tally) : null;
    }

    public async Task<IShareHandle> OpenShareAsync(StorageIndex index, int number, CancellationToken cancel)
    {
        tally.Add("grid OpenShare");
        return new Handle(await server.OpenShareAsync(index, number, cancel), tally);
    }

    public async Task<ReadTestWriteResult> ReadTestWriteAsync(StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request, CancellationToken cancel)
    {
        tally.Add("grid ReadTestWrite");
        tally.Add(Written, request.Shares.Sum(share => share.Writes.Sum(write => (long)write.Data.Length)));
        var result = await server.ReadTestWriteAsync(index, enabler, lease, request, cancel);
        tally.Add(Read, result.Data.Values.Sum(share => share.Sum(part => (long)part.Length)));
        return result;
    }

    public Task<bool> AddOrRenewLeaseAsync(StorageIndex index, LeaseSecrets lease, CancellationToken cancel)
    {
        tally.Add("grid AddOrRenewLease");
        return server.AddOrRenewLeaseAsync(index, lease, cancel);
    }

    private sealed class Upload(IShareUpload begun, Tally tally) : IShareUpload
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
        {
            tally.Add(Written, data.Length);
            return begun.WriteAsync(data, cancel);
        }

        public Task<bool> FinishAsync(CancellationToken cancel) => begun.FinishAsync(cancel);

        public ValueTask DisposeAsync() => begun.DisposeAsync();
    }

    private sealed class Handle(IShareHandle opened, Tally tally) : IShareHandle
    {
        public long Length => opened.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
        {
            tally.Add(Read, destination.Length);
            return opened.ReadAsync(offset, destination, cancel);
        }

        public ValueTask DisposeAsync() => opened.DisposeAsync();
    }
}
