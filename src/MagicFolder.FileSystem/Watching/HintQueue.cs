using System.Threading.Channels;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Watching;

/// <summary>
/// Collects hints, each path once, until they are taken. Bounded: too many become "everything". Any number of threads may add; one at a time may take.
/// </summary>
internal sealed class HintQueue(TimeProvider time)
{
    public const int Capacity = 4096;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<RelativePath> _paths = [];
    private bool _everything;

    /// <summary>The root means everything; the program's own directory is left out.</summary>
    public void Add(RelativePath path)
    {
        if (path.IsReserved) return;
        lock (_lock)
        {
            if (!_everything)
            {
                _paths.Add(path);
                if (path.IsRoot || _paths.Count > Capacity) BecomeEverything();
            }
        }
        _wakeUps.Writer.TryWrite(true);
    }

    public void AddEverything() => Add(RelativePath.Root);

    /// <summary>Waits for the first hint, lets it settle, and takes all that came.</summary>
    public async ValueTask<WatchHints> NextAsync(TimeSpan settle, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wakeUps.Reader.ReadAsync(cancellationToken);
            if (settle > TimeSpan.Zero) await Task.Delay(settle, time, cancellationToken);
            lock (_lock)
            {
                if (_everything || _paths.Count > 0) return Take();
            }
        }
    }

    private WatchHints Take()
    {
        var hints = new WatchHints(_everything, _paths);
        _paths = [];
        _everything = false;
        return hints;
    }

    private void BecomeEverything()
    {
        _everything = true;
        _paths.Clear();
    }
}
