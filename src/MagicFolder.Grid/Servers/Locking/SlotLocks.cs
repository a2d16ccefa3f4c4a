using MagicFolder.Tahoe.Capabilities;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.Grid.Servers.Locking;

/// <summary>
/// The locks of a grid directory: 256 files under <c>locks/</c>, chosen by the first byte of the storage index, and one for opening the grid. A lock excludes every
/// other holder, in this process and in others; the kernel releases it when its holder dies. Waiting is bounded.
/// </summary>
internal sealed class SlotLocks
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(40);

    private readonly string _directory;
    private readonly TimeProvider _time;
    // Waiters of one process queue here, so that they do not poll against one another.
    private readonly SemaphoreSlim[] _gates = new SemaphoreSlim[257];

    public SlotLocks(string directory, TimeProvider time)
    {
        _directory = directory;
        _time = time;
        for (var i = 0; i < _gates.Length; i++)
        {
            _gates[i] = new SemaphoreSlim(1, 1);
        }
    }

    /// <summary>Takes the lock of the slot's stripe; disposing releases it.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.Unavailable"/> when others held it for 30 s; <see cref="GridFailure.LocksUnsupported"/>.</exception>
    public Task<IDisposable> TakeAsync(StorageIndex index, CancellationToken cancel)
    {
        Span<byte> bytes = stackalloc byte[StorageIndex.Length];
        index.CopyTo(bytes);
        var stripe = bytes[0];
        return TakeAsync(stripe, stripe.ToString("x2"), cancel);
    }

    /// <summary>Takes the lock that openers of the grid hold, and proves with a second handle that it excludes.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.LocksUnsupported"/> where it does not.</exception>
    public async Task<IDisposable> TakeOpeningAsync(CancellationToken cancel)
    {
        const string Name = "open";
        var taken = await TakeAsync(_gates.Length - 1, Name, cancel);
        try
        {
            using var second = TryTake(Path.Combine(_directory, Name));
            if (second is not null)
            {
                throw Unsupported(null);
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private async Task<IDisposable> TakeAsync(int gate, string name, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(LongestWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _gates[gate].WaitAsync(either.Token);
            try
            {
                var path = Path.Combine(_directory, name);
                var pause = TimeSpan.FromMilliseconds(1);
                while (true)
                {
                    var file = TryTake(path);
                    if (file is not null)
                    {
                        return new Taken(file, _gates[gate]);
                    }

                    await Task.Delay(pause, _time, either.Token);
                    pause = pause < LongestPause ? pause * 2 : LongestPause;
                }
            }
            catch
            {
                _gates[gate].Release();
                throw;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new GridException(
                GridFailure.Unavailable,
                $"Another process has held the lock '{Path.Combine(_directory, name)}' for {LongestWait.TotalSeconds} s. If it hangs, end it; then try again.");
        }
    }

    private SafeFileHandle? TryTake(string path)
    {
        try
        {
            return LockFile.TryTake(path);
        }
        catch (NotSupportedException e)
        {
            throw Unsupported(e);
        }
        catch (Exception e) when (StorageTrouble.IsStorage(e))
        {
            throw StorageTrouble.Describe(e, path);
        }
    }

    private GridException Unsupported(Exception? inner) => new(
        GridFailure.LocksUnsupported,
        $"File locks do not work in '{_directory}', so several processes could damage the grid. Keep it on a local disk or a file system with working locks.",
        inner);

    private sealed class Taken(SafeFileHandle file, SemaphoreSlim gate) : IDisposable
    {
        private SafeFileHandle? _file = file;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _file, null) is { } held)
            {
                held.Dispose();
                gate.Release();
            }
        }
    }
}
