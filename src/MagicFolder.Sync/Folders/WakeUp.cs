using System.Threading.Channels;
using MagicFolder.FileSystem.Watching;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Folders;

/// <summary>What a watching participant waits for: hints from its disk, news from others in this process, or the time to look at the grid.</summary>
internal sealed class WakeUp(FolderWatcher watcher, ChannelReader<bool> remoteChanges, TimeProvider time)
{
    private static readonly WatchHints NoHints = new(false, []);
    private Task<WatchHints>? _hints;
    private Task<bool>? _remote;

    /// <summary>Returns at the first reason to look, at the latest after <paramref name="atMost"/>.</summary>
    internal async Task<WatchHints> NextAsync(TimeSpan atMost, CancellationToken cancel)
    {
        _hints ??= watcher.NextAsync(FolderWatcher.DefaultSettle, cancel).AsTask();
        _remote ??= remoteChanges.WaitToReadAsync(cancel).AsTask();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timer = Task.Delay(atMost, time, timeout.Token);
        await Task.WhenAny(_hints, _remote, timer);
        await timeout.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return TakeHints(cancel);
    }

    private WatchHints TakeHints(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_remote is { IsCompleted: true })
        {
            while (remoteChanges.TryRead(out _)) { }
            _remote = null;
        }
        if (_hints is not { IsCompleted: true }) return NoHints;
        var hints = _hints.Result;
        _hints = null;
        return hints;
    }
}
