using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Daemon.Tests;

/// <summary>Holds those who store something until it is opened.</summary>
/// <param name="isForMutable">Those who write a mutable object anew, instead of those who store an immutable one.</param>
internal sealed class GridGate(bool isForMutable = false)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What becomes of those that would be held, in place of that.</summary>
    internal Exception? Trouble { get; init; }

    /// <summary>Somebody is being held.</summary>
    internal Task Reached => _reached.Task;

    internal void Open() => _opened.TrySetResult();

    internal IGrid Around(IGrid grid) => new Gated(grid, this);

    private Task PassAsync(bool isMutable, CancellationToken cancel)
    {
        if (isMutable != isForMutable) return Task.CompletedTask;
        if (Trouble is { } trouble) throw trouble;
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancel);
    }

    private sealed class Gated(IGrid inner, GridGate gate) : IGrid
    {
        public async Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
        {
            await gate.PassAsync(isMutable: false, cancel);
            return await inner.PutImmutableAsync(content, size, key, cancel);
        }

        public Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel) => inner.OpenImmutableAsync(cap, cancel);

        public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => inner.CreateMutableAsync(keys, content, cancel);

        public Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel) => inner.ReadMutableAsync(cap, cancel);

        public async Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
        {
            await gate.PassAsync(isMutable: true, cancel);
            return await inner.PublishMutableAsync(cap, expectedSeqnum, content, cancel);
        }

        public Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel) => inner.RewriteMutableAsync(keys, seqnum, content, cancel);

        public Task<bool> RenewLeaseAsync(StorageIndex index, CancellationToken cancel) => inner.RenewLeaseAsync(index, cancel);
    }
}
