using System.Threading.Channels;
using MagicFolder.FileSystem.Watching;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Folders;

/// <summary>What a watching participant waits for: hints from its disk, news from others in this process, or the time to look at the grid.</summary>
/// <param name="nextHints">Waits for hints and gives them; asked again only when it has answered.</param>
/// <param name="remoteChanges">Something to read means news.</param>
/// <param name="time">For waiting.</param>
internal sealed class WakeUp(Func<CancellationToken, Task<WatchHints>> nextHints, ChannelReader<bool> remoteChanges, TimeProvider time)
{
    private static readonly WatchHints NoHints = new(false, []);
    private Task<WatchHints>? _hints;
    private Task<bool>? _remote;

    /// <summary>Returns at the first reason to look, at the latest after <paramref name="atMost"/>.</summary>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="counts">Is a hint at this path a reason? All others are dropped.</param>
    /// <param name="cancel">Ends the waiting.</param>
    internal async Task<WatchHints> NextAsync(TimeSpan atMost, Func<RelativePath, bool> counts, CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timer = Task.Delay(atMost, time, timeout.Token);
        while (true)
        {
            _hints ??= nextHints(cancel);
            _remote ??= remoteChanges.WaitToReadAsync(cancel).AsTask();
            await Task.WhenAny(_hints, _remote, timer);
            cancel.ThrowIfCancellationRequested();
            bool isTime = timer.IsCompleted || _remote.IsCompleted;
            var hints = TakeHints(counts);
            if (!isTime && !hints.Everything && hints.Paths.Count == 0) continue;
            await timeout.CancelAsync();
            return hints;
        }
    }

    private WatchHints TakeHints(Func<RelativePath, bool> counts)
    {
        if (_remote is { IsCompleted: true })
        {
            while (remoteChanges.TryRead(out _)) { }
            _remote = null;
        }
        if (_hints is not { IsCompleted: true }) return NoHints;
        var hints = _hints.Result;
        _hints = null;
        return hints with { Paths = [.. hints.Paths.Where(counts)] };
    }
}
