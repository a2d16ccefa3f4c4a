using System.Threading.Channels;

namespace MagicFolder.Daemon.Folders;

/// <summary>Something that happened, as the stream of events tells it; the kinds are those of the Python magic-folder where it has them.</summary>
/// <param name="Kind">What.</param>
/// <param name="Folder">Where; null when it concerns all.</param>
/// <param name="Summary">In words; null when the kind says all.</param>
/// <param name="TimeMs">Milliseconds since the Unix epoch.</param>
internal sealed record DaemonEvent(string Kind, string? Folder, string? Summary, long TimeMs);

/// <summary>Tells everybody who listens. Who listens too slowly misses events, and is told of the newest. Safe for concurrent use.</summary>
internal sealed class EventHub(TimeProvider time)
{
    private const int MostWaiting = 256;

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<DaemonEvent>> _listeners = [];

    internal void FolderAdded(string folder) => Tell("folder-added", folder, null);

    internal void FolderLeft(string folder) => Tell("folder-left", folder, null);

    /// <summary>A round did something, or a folder stopped or goes on.</summary>
    internal void FolderChanged(string folder) => Tell("folder-changed", folder, null);

    internal void Trouble(string folder, string reason) => Tell("error-occurred", folder, reason);

    internal async IAsyncEnumerable<DaemonEvent> ListenAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<DaemonEvent>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock) _listeners.Add(channel);
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancel)) yield return happened;
        }
        finally
        {
            lock (_lock) _listeners.Remove(channel);
        }
    }

    private void Tell(string kind, string? folder, string? summary)
    {
        var happened = new DaemonEvent(kind, folder, summary, time.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_lock)
            foreach (var listener in _listeners) listener.Writer.TryWrite(happened);
    }
}
