using System.Buffers;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Snapshots.Tests.Doubles;

/// <summary>Takes everything and keeps nothing but the size of the largest object.</summary>
internal sealed class ForgettingGrid : IGrid
{
    public long Largest { get; private set; }

    public async Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
    {
        Largest = Math.Max(Largest, size);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        while (await content.ReadAsync(buffer, cancel) > 0)
        {
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return new ChkCap(((EncryptionKeyChoice.FromCaller)key).Key, Digest.From(new byte[32]), 1, 1, size);
    }

    public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) => throw new NotSupportedException();

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new NotSupportedException();

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => throw new NotSupportedException();

    public Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new NotSupportedException();

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => throw new NotSupportedException();
}
