using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Inviting;

/// <summary>A storage during whose calls the program dies: before the call has an effect, or after it.</summary>
internal sealed class FailingGrid(IGrid inner) : IGrid
{
    /// <summary>Writes that still go well; null for all.</summary>
    internal int? WritesLeft { get; set; }

    /// <summary>Does the write happen in which the program dies?</summary>
    internal bool DiesAfterwards { get; set; }

    /// <summary>Called once, before something is published.</summary>
    internal Func<Task> BeforePublish { get; set; } = () => Task.CompletedTask;

    /// <summary>Called once, after something was published.</summary>
    internal Func<Task> AfterPublish { get; set; } = () => Task.CompletedTask;

    public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => inner.ReadMutableAsync(cap, cancel);

    public Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel) => inner.PutImmutableAsync(content, size, key, cancel);

    public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) => inner.OpenImmutableAsync(cap, cancel);

    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        WriteAsync(async () =>
        {
            await inner.CreateMutableAsync(keys, content, cancel);
            return 1;
        });

    public async Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var before = BeforePublish;
        BeforePublish = () => Task.CompletedTask;
        await before();
        long seqnum = await WriteAsync(() => inner.PublishMutableAsync(cap, expectedSeqnum, content, cancel));
        var after = AfterPublish;
        AfterPublish = () => Task.CompletedTask;
        await after();
        return seqnum;
    }

    public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        WriteAsync(async () =>
        {
            await inner.RewriteMutableAsync(keys, seqnum, content, cancel);
            return seqnum;
        });

    public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => inner.RenewLeaseAsync(index, cancel);

    private async Task<long> WriteAsync(Func<Task<long>> write)
    {
        if (WritesLeft is not { } left) return await write();
        WritesLeft = left - 1;
        if (left > 0) return await write();
        if (DiesAfterwards) await write();
        throw new DeathException();
    }

    /// <summary>Nobody catches it.</summary>
    internal sealed class DeathException() : Exception("the program died here");
}
