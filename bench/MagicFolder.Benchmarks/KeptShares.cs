using System.Collections.Concurrent;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Benchmarks;

/// <summary>A grid of immutable objects, encoded as packs are, in memory.</summary>
internal sealed class KeptShares : IGrid
{
    private readonly ConcurrentDictionary<string, byte[]> _shares = new();

    /// <summary>Otherwise they are written to nowhere.</summary>
    public bool IsKept { get; init; } = true;

    public async Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
    {
        var encoder = new ChkEncoder(((EncryptionKeyChoice.FromCaller)key).Key, size, ChkParameters.Pack);
        var share = IsKept ? new MemoryStream() : Stream.Null;
        var cap = await encoder.EncodeAsync(content, share, cancel);
        if (share is MemoryStream kept) _shares[cap.ToUriString()] = kept.ToArray();
        return cap;
    }

    public async Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) =>
        new File(await ChkDecoder.OpenAsync((ChkCap)cap, [new NumberedShare(0, new MemoryShareSource(_shares[cap.ToUriString()]))], cancel));

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new NotSupportedException();

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => throw new NotSupportedException();

    public Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new NotSupportedException();

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => throw new NotSupportedException();

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => throw new NotSupportedException();

    private sealed class File(ChkDecoder decoder) : IImmutableFile
    {
        public long Size => decoder.Size;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel) => decoder.ReadAsync(offset, destination, cancel);

        public ValueTask ReadUnverifiedAsync(long offset, Memory<byte> destination, CancellationToken cancel) => decoder.ReadUnverifiedAsync(offset, destination, cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
