using System.Threading.Channels;
using MagicFolder.Sync.Inviting;

namespace MagicFolder.Daemon.Folders;

/// <summary>Something that happened, as the stream of events tells it; the kinds are those of the Python magic-folder where it has them.</summary>
/// <param name="Kind">What.</param>
/// <param name="Folder">Where; null when it concerns all.</param>
/// <param name="Summary">In words; null when the kind says all.</param>
/// <param name="TimeMs">Milliseconds since the Unix epoch.</param>
internal sealed record DaemonEvent(string Kind, string? Folder, string? Summary, long TimeMs)
{
    /// <summary>Which path, relative to the folder.</summary>
    internal string? Path { get; init; }

    /// <summary>Which invite; its code is no part of an event.</summary>
    internal PendingInvite? Invite { get; init; }
}

/// <summary>Tells everybody who listens. Who listens too slowly misses events, and is told of the newest. Safe for concurrent use.</summary>
internal sealed class EventHub(TimeProvider time)
{
    private const int MostWaiting = 256;

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<DaemonEvent>> _listeners = [];
    private volatile bool _isHeard;

    /// <summary>Does anybody listen?</summary>
    internal bool IsHeard => _isHeard;

    internal void FolderAdded(string folder) => Tell("folder-added", folder, null);

    internal void FolderLeft(string folder) => Tell("folder-left", folder, null);

    /// <summary>A round did something, or a folder stopped or goes on.</summary>
    internal void FolderChanged(string folder) => Tell("folder-changed", folder, null);

    internal void Trouble(string folder, string reason) => Tell("error-occurred", folder, reason);

    /// <summary>Something that happens often, to a path or in every round.</summary>
    internal void Progress(string kind, string folder, string? path) => Tell(kind, folder, null, path);

    /// <summary>An invite is new, or in another state than before.</summary>
    internal void Invite(string folder, PendingInvite invite) => Tell(KindOf(invite.State), folder, invite.Outcome, invite: invite);

    internal async IAsyncEnumerable<DaemonEvent> ListenAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<DaemonEvent>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _listeners.Add(channel);
            _isHeard = true;
        }
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancel)) yield return happened;
        }
        finally
        {
            lock (_lock)
            {
                _listeners.Remove(channel);
                _isHeard = _listeners.Count > 0;
            }
        }
    }

    private static string KindOf(InviteState state) => state switch
    {
        InviteState.Answered => "invite-answered",
        InviteState.Joined => "invite-succeeded",
        InviteState.Refused => "invite-rejected",
        InviteState.Cancelled => "invite-cancelled",
        InviteState.Expired => "invite-failed",
        _ => "invite-created",
    };

    private void Tell(string kind, string? folder, string? summary, string? path = null, PendingInvite? invite = null)
    {
        var happened = new DaemonEvent(kind, folder, summary, time.GetUtcNow().ToUnixTimeMilliseconds()) { Path = path, Invite = invite };
        lock (_lock)
            foreach (var listener in _listeners) listener.Writer.TryWrite(happened);
    }
}
