using MagicFolder.Grid;

namespace MagicFolder.Daemon.Tests;

/// <summary>Holds those who open the grid, from when it is told to until it is released.</summary>
internal sealed class HeldOpening : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new(true);

    /// <summary>Somebody is being held.</summary>
    internal Task Reached => _reached.Task;

    internal void Hold() => _open.Reset();

    internal void Release() => _open.Set();

    internal IGrid Pass(IGrid grid)
    {
        if (!_open.IsSet) _reached.TrySetResult();
        _open.Wait();
        return grid;
    }

    public void Dispose() => _open.Dispose();
}
