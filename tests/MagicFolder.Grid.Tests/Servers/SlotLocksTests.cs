using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Servers.Locking;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Tests.Servers;

public sealed class SlotLocksTests : IDisposable
{
    private static readonly StorageIndex Index = StorageIndex.From(new byte[16]);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lock-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task ALockThatOthersHoldTooLongIsUnavailableAndNamed()
    {
        var holder = new SlotLocks(_directory.FullName, TimeProvider.System);
        var waiter = new SlotLocks(_directory.FullName, new ImpatientTime());
        using (await holder.TakeAsync(Index, default))
        {
            var failure = await Should.ThrowAsync<GridException>(() => waiter.TakeAsync(Index, default));
            failure.Failure.ShouldBe(GridFailure.Unavailable);
            failure.Message.ShouldContain(Path.Combine(_directory.FullName, "00"));
        }

        (await waiter.TakeAsync(Index, default)).Dispose();
    }

    [Fact]
    public async Task WaitingCanBeCancelled()
    {
        var locks = new SlotLocks(_directory.FullName, TimeProvider.System);
        var others = new SlotLocks(_directory.FullName, TimeProvider.System);
        using var held = await locks.TakeAsync(Index, default);
        using var cancel = new CancellationTokenSource();
        var inside = locks.TakeAsync(Index, cancel.Token);
        var outside = others.TakeAsync(Index, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => inside);
        await Should.ThrowAsync<OperationCanceledException>(() => outside);
    }

    [Fact]
    public async Task ALockReleasedTwiceIsReleasedOnce()
    {
        var locks = new SlotLocks(_directory.FullName, TimeProvider.System);
        var held = await locks.TakeAsync(Index, default);
        held.Dispose();
        held.Dispose();
        using var again = await locks.TakeAsync(Index, default);
        LockFile.TryTake(Path.Combine(_directory.FullName, "00")).ShouldBeNull();
    }

    [Fact]
    public async Task OneHolderAtATime()
    {
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var locks = new SlotLocks(_directory.FullName, TimeProvider.System);
            for (var round = 0; round < 20; round++)
            {
                using var held = await locks.TakeAsync(Index, default);
                Interlocked.Increment(ref inside).ShouldBe(1);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        })));
    }

    [Fact]
    public async Task TheProofThatLocksExcludeLeavesTheLockFree()
    {
        var locks = new SlotLocks(_directory.FullName, TimeProvider.System);
        (await locks.TakeOpeningAsync(default)).Dispose();
        (await locks.TakeOpeningAsync(default)).Dispose();
    }
}
