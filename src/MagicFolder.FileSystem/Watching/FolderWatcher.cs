using System.Text;
using MagicFolder.Model;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Watching;

/// <summary>
/// Hears from the system where something changes. Correctness never depends on it: it may miss changes, and it stays silent where watching is impossible
/// (<see cref="Trouble"/>). One reader at a time.
/// </summary>
public sealed class FolderWatcher : IDisposable
{
    /// <summary>A new directory is filled while its watch is being set up, and what comes in between goes unheard; so it is hinted at again.</summary>
    private static readonly TimeSpan[] Again = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2)];

    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly HintQueue _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private FileSystemWatcher? _watcher;

    private FolderWatcher(string root, TimeProvider time)
    {
        _root = Path.GetFullPath(root);
        _time = time;
        _queue = new HintQueue(time);
        _stopped = _stopping.Token;
    }

    /// <summary>Enough for a program to finish a save that it makes in several steps.</summary>
    public static TimeSpan DefaultSettle { get; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Why changes may go unheard, or null; regular scans are then the only way to find them.</summary>
    public Problem? Trouble { get; private set; }

    /// <summary>Starts listening. Never fails: see <see cref="Trouble"/>. Scan once afterwards, since earlier changes are not reported.</summary>
    public static FolderWatcher Start(string root, TimeProvider time)
    {
        var watcher = new FolderWatcher(root, time);
        watcher.Listen();
        return watcher;
    }

    /// <summary>Waits for the first hint, lets it settle, and gives all distinct hints since the last call.</summary>
    /// <exception cref="OperationCanceledException">Nothing came before the cancellation.</exception>
    public ValueTask<WatchHints> NextAsync(TimeSpan settle, CancellationToken cancellationToken) => _queue.NextAsync(settle, cancellationToken);

    public void Dispose()
    {
        _watcher?.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Listen()
    {
        try
        {
            _watcher = new FileSystemWatcher(_root)
            {
                IncludeSubdirectories = true,
                InternalBufferSize = 64 * 1024,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            _watcher.Created += (_, change) => Hear(change.FullPath, appeared: true);
            _watcher.Changed += (_, change) => Hear(change.FullPath, appeared: false);
            _watcher.Deleted += (_, change) => Hear(change.FullPath, appeared: false);
            _watcher.Renamed += (_, change) =>
            {
                Hear(change.OldFullPath, appeared: false);
                Hear(change.FullPath, appeared: true);
            };
            _watcher.Error += (_, error) => Fail(error.GetException());
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            Fail(e);
        }
    }

    private void Hear(string fullPath, bool appeared)
    {
        var path = Relative(fullPath);
        _queue.Add(path);
        if (appeared && !path.IsReserved && Directory.Exists(fullPath)) _ = HintAgainAsync(path);
    }

    private async Task HintAgainAsync(RelativePath path)
    {
        try
        {
            foreach (var delay in Again)
            {
                await Task.Delay(delay, _time, _stopped);
                _queue.Add(path);
            }
        }
        catch (OperationCanceledException)
        {
            // The watcher was disposed of.
        }
    }

    private void Fail(Exception error)
    {
        // An overflow lost hints, but the watching goes on.
        if (error is not InternalBufferOverflowException)
            Trouble = new Problem(".", $"the folder cannot be watched ({error.Message.TrimEnd('.')})", "changes are found by regular scans only; raise the system's limits for watches (fs.inotify) and start magic-folder again");
        _queue.AddEverything();
    }

    /// <summary>Of a name that is no path in the tree, the directory that it is in.</summary>
    private RelativePath Relative(string fullPath)
    {
        var relative = Path.GetRelativePath(_root, fullPath).Replace(Path.DirectorySeparatorChar, '/');
        while (relative.Length > 0 && relative is not ".")
        {
            // Bytes that are not UTF-8 came as replacement characters: then the name is not the real one.
            if (!relative.Contains('\uFFFD', StringComparison.Ordinal) && RelativePath.TryParse(Encoding.UTF8.GetBytes(relative), out var path, out _)) return path;
            relative = relative.LastIndexOf('/') is var end && end > 0 ? relative[..end] : "";
        }
        return RelativePath.Root;
    }
}
