using System.Collections.Concurrent;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Identity;

/// <summary>A storage that shows other versions of mutable objects than those which were written: older ones, or forged ones.</summary>
internal sealed class TamperingGrid(IGrid honest) : IGrid
{
    private readonly ConcurrentDictionary<MutableReadCap, MutableVersion> _shown = [];

    internal void Show(MutableReadCap cap, MutableVersion version) => _shown[cap] = version;

    internal void BeHonest() => _shown.Clear();

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) =>
        _shown.TryGetValue(cap, out var shown) ? Task.FromResult(shown) : honest.ReadMutableAsync(cap, cancel);

    public Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel) => honest.PutImmutableAsync(content, size, key, cancel);

    public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) => honest.OpenImmutableAsync(cap, cancel);

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => honest.CreateMutableAsync(keys, content, cancel);

    public Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        honest.PublishMutableAsync(cap, expectedSeqnum, content, cancel);

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => honest.RewriteMutableAsync(keys, seqnum, content, cancel);

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => honest.RenewLeaseAsync(index, cancel);
}
