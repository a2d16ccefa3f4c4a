using MagicFolder.Cli.Output;

namespace MagicFolder.Cli.Composition;

/// <summary>Tells, while work goes on for long, when directories of a grid go and come back: the work goes on without them, so nobody else would.</summary>
internal sealed class GridPresence : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly OpenedGrid _grid;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private GridPresence(OpenedGrid grid, TimeProvider time)
    {
        (_grid, _time) = (grid, time);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Starts from what was told when the grid was opened.</summary>
    internal static GridPresence Start(OpenedGrid grid, TimeProvider time) => new(grid, time);

    private async Task LoopAsync()
    {
        var told = _grid.Unusable;
        try
        {
            while (true)
            {
                await Task.Delay(Interval, _time, _stop.Token);
                var unusable = await OpenedGrid.FindUnusableAsync(_grid.Members, _stop.Token);
                DoneWithout.Print(unusable.Where(one => !told.ContainsKey(one.Key)).Select(one => one.Value.Message));
                DoneWithout.PrintBack(told.Keys.Where(name => !unusable.ContainsKey(name)));
                told = unusable;
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }
}
