using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A storage during whose calls something else happens.</summary>
internal sealed class ActingGrid(IGrid inner) : IGrid
{
    internal Action BeforePut { get; set; } = () => { };

    /// <summary>Given the new seqnum and the content, whether that was there already or not.</summary>
    internal Action<long, byte[]> AfterPublish { get; set; } = (_, _) => { };

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => inner.ReadMutableAsync(cap, cancel);

    public Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
    {
        BeforePut();
        return inner.PutImmutableAsync(content, size, key, cancel);
    }

    public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) => inner.OpenImmutableAsync(cap, cancel);

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => inner.CreateMutableAsync(keys, content, cancel);

    public async Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        long seqnum = await inner.PublishMutableAsync(cap, expectedSeqnum, content, cancel);
        AfterPublish(seqnum, content.ToArray());
        return seqnum;
    }

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => inner.RewriteMutableAsync(keys, seqnum, content, cancel);

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => inner.RenewLeaseAsync(index, cancel);
}
