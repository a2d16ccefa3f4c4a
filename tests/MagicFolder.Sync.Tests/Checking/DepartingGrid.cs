using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Checking;

/// <summary>A storage that cannot be reached any more after some reads.</summary>
internal sealed class DepartingGrid(IGrid inner, int reads) : IGrid
{
    private int _left = reads;

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => IsAway ? throw Away() : inner.ReadMutableAsync(cap, cancel);

    public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) => IsAway ? throw Away() : inner.OpenImmutableAsync(cap, cancel);

    public Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel) => throw new InvalidOperationException();

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new InvalidOperationException();

    public Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new InvalidOperationException();

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new InvalidOperationException();

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => throw new InvalidOperationException();

    private bool IsAway => --_left < 0;

    private static GridException Away() => new(GridFailure.Unavailable, "The grid is away.");
}
