using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Tests.Support;

/// <summary>A server that fails at chosen moments.</summary>
internal sealed class FailingServer(IShareServer sound) : IShareServer
{
    /// <summary>Uploads fail after so many bytes.</summary>
    public long? FailsAfter { get; set; }

    /// <summary>Uploads cannot be finished.</summary>
    public bool FailsAtEnd { get; set; }

    /// <summary>No upload is begun.</summary>
    public bool IsFull { get; set; }

    /// <summary>No mutable share is written.</summary>
    public bool RefusesVersions { get; set; }

    /// <summary>The client dies when it writes the mutable share to this server.</summary>
    public bool KillsWriter { get; set; }

    /// <summary>What happens before a mutable share is written.</summary>
    public Func<Task>? BeforeVersion { get; set; }

    public ServerIdentity Identity => sound.Identity;

    public Task<IReadOnlyList<int>> ListSharesAsync(StorageIndex index, CancellationToken cancel) => sound.ListSharesAsync(index, cancel);

    public async Task<IShareUpload?> BeginUploadAsync(StorageIndex index, int number, long size, LeaseSecrets lease, CancellationToken cancel)
    {
        return IsFull
            ? throw new GridException(GridFailure.NoSpace, "full")
            : await sound.BeginUploadAsync(index, number, size, lease, cancel) is { } upload ? new Upload(this, upload) : null;
    }

    public Task<IShareHandle> OpenShareAsync(StorageIndex index, int number, CancellationToken cancel) => sound.OpenShareAsync(index, number, cancel);

    public async Task<ReadTestWriteResult> ReadTestWriteAsync(
        StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request, CancellationToken cancel)
    {
        if (request.Shares.Count > 0)
        {
            await (BeforeVersion?.Invoke() ?? Task.CompletedTask);
        }

        return KillsWriter && request.Shares.Count > 0 ? throw new InvalidOperationException("The writer died.")
            : RefusesVersions && request.Shares.Count > 0 ? throw new GridException(GridFailure.NoSpace, "full")
            : await sound.ReadTestWriteAsync(index, enabler, lease, request, cancel);
    }

    public Task<bool> AddOrRenewLeaseAsync(StorageIndex index, LeaseSecrets lease, CancellationToken cancel) => sound.AddOrRenewLeaseAsync(index, lease, cancel);

    private sealed class Upload(FailingServer server, IShareUpload upload) : IShareUpload
    {
        private long _written;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
        {
            _written += data.Length;
            return _written > server.FailsAfter ? throw new GridException(GridFailure.Io, "broken") : upload.WriteAsync(data, cancel);
        }

        public Task<bool> FinishAsync(CancellationToken cancel) =>
            server.FailsAtEnd ? throw new GridException(GridFailure.Io, "broken at the end") : upload.FinishAsync(cancel);

        public ValueTask DisposeAsync() => upload.DisposeAsync();
    }
}
