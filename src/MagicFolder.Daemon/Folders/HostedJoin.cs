using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Daemon.Folders;

/// <summary>A folder that this computer is about to join: answers the invite, and looks for the reply until it is there. Safe for concurrent use.</summary>
internal sealed partial class HostedJoin : IAsyncDisposable
{
    private readonly PendingJoin _join;
    private readonly DaemonEnvironment _environment;
    private readonly Func<HostedJoin, FolderConfiguration, CancellationToken, Task> _joined;
    private readonly EventHub _events;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private volatile string? _reason;

    /// <param name="join">As it is saved.</param>
    /// <param name="stateDirectory">Where.</param>
    /// <param name="environment">That of the daemon.</param>
    /// <param name="joined">Takes over when this computer takes part.</param>
    /// <param name="events">Those of the daemon.</param>
    /// <param name="log">For what happens.</param>
    internal HostedJoin(PendingJoin join, string stateDirectory, DaemonEnvironment environment, Func<HostedJoin, FolderConfiguration, CancellationToken, Task> joined, EventHub events, ILogger log) =>
        (_join, StateDirectory, _environment, _joined, _events, _log) = (join, stateDirectory, environment, joined, events, log);

    internal string StateDirectory { get; }

    internal string Name => _join.Name;

    internal string Petname => _join.Code.Petname;

    internal string Path => _join.Path;

    internal DateTimeOffset Expires => _join.Code.Expires;

    /// <summary>Why it does not go on, or cannot be joined; null while all is well.</summary>
    internal string? Reason => _reason;

    /// <summary>The invite was refused: nothing more will happen.</summary>
    internal bool IsOver { get; private set; }

    internal void Start() => _loop = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (await LookAsync(cancel) is { } folder)
                {
                    LogJoined(_log, Name, Petname);
                    await _joined(this, folder, cancel);
                    return;
                }
                _reason = null;
            }
            catch (RefusedException e)
            {
                LogRefused(_log, Name, e.Message);
                (_reason, IsOver) = (e.Message, true);
                _events.Trouble(Name, e.Message);
                return;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (KnownTrouble.Is(e))
            {
                _reason = e.Message;
            }
            // As with a folder: what nobody thought of must not take the daemon with it.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                string reason = $"something went wrong that should not ({e.GetType().Name}); the log has it.";
                if (_reason != reason) LogUnexpected(_log, Name, e);
                _reason = reason;
            }
            await Task.Delay(TimeSpan.FromSeconds(_environment.Configuration.PollSeconds), _environment.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<FolderConfiguration?> LookAsync(CancellationToken cancel)
    {
        var grid = await _environment.OpenGrid(_join.Grid, _join.LeaseSecret.AsMemory(), cancel);
        var joiner = new Joiner(StateDirectory, grid, _environment.NewKeys, _environment.Random, _environment.Time);
        await joiner.AnswerAsync(cancel);
        return await joiner.LookAsync(cancel);
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "{Folder}: joined as {Petname}")]
    private static partial void LogJoined(ILogger log, string folder, string petname);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "{Folder}: {Reason}")]
    private static partial void LogRefused(ILogger log, string folder, string reason);

    [LoggerMessage(EventId = 22, Level = LogLevel.Error, Message = "{Folder}: unexpected")]
    private static partial void LogUnexpected(ILogger log, string folder, Exception trouble);
}
