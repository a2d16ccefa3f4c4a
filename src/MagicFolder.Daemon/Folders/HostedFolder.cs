using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.State;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Viewing;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Daemon.Folders;

/// <summary>
/// One folder in the daemon: kept in sync until it is paused or the daemon ends. What goes wrong with it stops it alone, and is tried again. Safe for concurrent use.
/// </summary>
internal sealed partial class HostedFolder : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OpeningLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(20);

    private readonly DaemonEnvironment _environment;
    private readonly EventHub _events;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private CancellationTokenSource? _stop;
    private Task _loop = Task.CompletedTask;
    private volatile FolderSession? _session;
    private volatile string? _trouble;
    private volatile bool _hasEnded;

    internal HostedFolder(FolderConfiguration folder, string stateDirectory, DaemonEnvironment environment, EventHub events, ILogger log)
    {
        (Configuration, StateDirectory, _environment, _events, _log) = (folder, stateDirectory, environment, events, log);
        Self = folder.Participants[0];
        Progress = new SyncProgress { Listener = new FolderTelling(Name, events) };
    }

    internal FolderConfiguration Configuration { get; }

    internal string StateDirectory { get; }

    /// <summary>The participant of this computer.</summary>
    internal LocalParticipant Self { get; }

    internal string Name => Configuration.Name;

    /// <summary>Stays so over restarts.</summary>
    internal bool IsPaused => HostedState.IsPaused(StateDirectory);

    /// <summary>Why it cannot go on; null while it can.</summary>
    internal string? Trouble => _trouble ?? _session?.Participants.FirstOrDefault(participant => participant.IsStopped)?.StopReason;

    /// <summary>Counts since the daemon has it.</summary>
    internal SyncProgress Progress { get; }

    private string PausedReason => $"{Name} is paused; 'magic-folder resume' lets it go on.";

    private string PauseFile => HostedState.PauseFile(StateDirectory);

    internal async Task StartAsync()
    {
        await EnterAsync(CancellationToken.None);
        try
        {
            if (_stop is null && !IsPaused) Begin();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Does something with the folder while nothing else works with it; then it goes on as before.</summary>
    internal async Task<T> ActAsync<T>(EngineOptions options, Func<FolderSession, CancellationToken, Task<T>> act, CancellationToken cancel)
    {
        await EnterAsync(cancel);
        try
        {
            bool goesOn = _stop is not null;
            if (goesOn) await EndAsync();
            try
            {
                var grid = await OpenGridAsync(cancel);
                await using var session = await FolderSession.OpenAsync(Configuration, StateDirectory, SessionOver(grid, options), cancel);
                return await act(session, cancel);
            }
            finally
            {
                if (goesOn) Begin();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Begins anew, by the settings of now. What was under way is done again.</summary>
    internal async Task ReopenAsync(CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            if (_stop is null) return;
            await EndAsync();
            Begin();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <exception cref="RefusedException">It is paused.</exception>
    internal void RefusePaused()
    {
        if (IsPaused) throw new RefusedException(PausedReason);
    }

    /// <summary>When it returns, nothing is at work with the folder.</summary>
    internal async Task PauseAsync()
    {
        await EnterAsync(CancellationToken.None);
        try
        {
            // First: whoever is woken by the end is told of it.
            PrivateFile.Write(PauseFile, []);
            if (_stop is not null) await EndAsync();
        }
        finally
        {
            _changing.Release();
        }
    }

    internal async Task ResumeAsync()
    {
        await EnterAsync(CancellationToken.None);
        try
        {
            File.Delete(PauseFile);
            if (_stop is null) Begin();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Goes on with a new state, as a new actor; the former state is kept.</summary>
    /// <returns>Where it is kept; null when there was none.</returns>
    internal async Task<string?> RecoverAsync(CancellationToken cancel)
    {
        await EnterAsync(cancel);
        try
        {
            bool goesOn = _stop is not null;
            if (goesOn) await EndAsync();
            try
            {
                return StateRecovery.SetStateAside(StateDirectory, Self.Name, _environment.Time);
            }
            finally
            {
                if (goesOn) Begin();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Looks at everything; null when that is done, otherwise why it cannot be done now. Begun anew meanwhile, it is looked at then.</summary>
    internal async Task<string?> LookNowAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (IsPaused) return PausedReason;
            // It may just be being opened.
            for (var waited = TimeSpan.Zero; _session is null && Trouble is null && !_hasEnded && waited < OpeningPatience; waited += OpeningLook)
                await Task.Delay(OpeningLook, _environment.Time, cancel);
            if (_session is not { } session) return Trouble ?? (_hasEnded ? NotHere().Message : $"{Name} is not open yet; try again in a moment.");
            try
            {
                foreach (var participant in session.Participants)
                    if (await participant.LookNowAsync(cancel) is { } reason) return reason;
                return null;
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // That session has ended; there may be a next one.
            }
        }
    }

    /// <summary>When it returns, nothing is at work with the folder, nor will be.</summary>
    public async ValueTask DisposeAsync()
    {
        _hasEnded = true;
        await _changing.WaitAsync();
        try
        {
            if (_stop is not null) await EndAsync();
        }
        finally
        {
            // Not disposed of: whoever has waited behind this has to see that it has ended.
            _changing.Release();
        }
        await _inviting.WaitAsync();
        _inviting.Release();
    }

    /// <summary>Waits until nobody else changes something, unless it has ended by then.</summary>
    private async Task EnterAsync(CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        if (!_hasEnded) return;
        _changing.Release();
        throw NotHere();
    }

    private RefusedException NotHere() => new($"{Name} is not here any more.");

    private void Begin()
    {
        _stop = new CancellationTokenSource();
        var cancel = _stop.Token;
        _loop = Task.Run(() => Task.WhenAll(RunAsync(cancel), CareForInvitesAsync(cancel)), CancellationToken.None);
    }

    private async Task EndAsync()
    {
        try
        {
            await _stop!.CancelAsync();
            await _loop;
        }
        finally
        {
            // Also when a loop has failed: it has ended all the same.
            _stop!.Dispose();
            _stop = null;
            _trouble = null;
        }
    }

    private Task<IGrid> OpenGridAsync(CancellationToken cancel) => _environment.OpenGrid(Configuration.Grid, Configuration.LeaseSecret.AsMemory(), cancel);

    private SessionEnvironment SessionOver(IGrid grid, EngineOptions options) => new(grid, _environment.Time, _environment.Random, WithThreads(options))
    {
        NewProgress = () => Progress,
        Intervals = new WatchIntervals(TimeSpan.FromSeconds(_environment.Configuration.PollSeconds), TimeSpan.FromSeconds(_environment.Configuration.ScanSeconds)),
    };

    private EngineOptions WithThreads(EngineOptions options) => _environment.Configuration.Threads is > 0 and var threads ? options with { Threads = threads } : options;

    private async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var grid = await OpenGridAsync(cancel);
                await WatchAsync(grid, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (KnownTrouble.Is(e))
            {
                NoteTrouble(e.Message);
            }
            // A folder that fails in a way nobody thought of must not take the others with it.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                string reason = $"something went wrong that should not ({e.GetType().Name}); the log has it.";
                // Once, not with every try.
                if (_trouble != reason) LogUnexpected(_log, Name, e);
                NoteTrouble(reason);
            }
            await Task.Delay(RetryDelay, _environment.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(IGrid grid, CancellationToken cancel)
    {
        // An 'add' may have ended before that, and nobody would ever see what is published here.
        if (IsAdmin && !IsKnownToBeListed()) await FolderFounding.ListAsync(Configuration, grid, cancel);
        await using var session = await FolderSession.OpenAsync(Configuration, StateDirectory, SessionOver(grid, new EngineOptions()), cancel);
        _trouble = null;
        _session = session;
        try
        {
            await session.WatchAsync(Settled, NoteStanding, cancel);
        }
        finally
        {
            _session = null;
        }
    }

    private bool IsKnownToBeListed()
    {
        try
        {
            return FolderFounding.WereListed(Configuration, StateDirectory);
        }
        catch (Exception e) when (e is StateStorageException or DamagedBytesException)
        {
            // Its opening will tell.
            return false;
        }
    }

    private void Settled(SessionParticipant participant, RoundReport report)
    {
        LogSettled(_log, Name, report.Captured, report.Applied);
        _events.FolderChanged(Name);
    }

    private void NoteStanding(SessionParticipant participant)
    {
        if (participant.IsStopped && participant.StoppedBy is { } trouble && !KnownTrouble.Is(trouble)) LogUnexpected(_log, Name, trouble);
        NoteStanding(participant.StopReason);
    }

    /// <summary>It cannot go on, for this reason, until it is opened.</summary>
    internal void NoteTrouble(string reason)
    {
        bool isNew = _trouble != reason;
        _trouble = reason;
        if (isNew) NoteStanding(reason);
    }

    private void NoteStanding(string? reason)
    {
        if (reason is null) LogGoesOn(_log, Name);
        else
        {
            LogStopped(_log, Name, reason.ReplaceLineEndings(" "));
            _events.Trouble(Name, reason);
        }
        _events.FolderChanged(Name);
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "{Folder}: {Captured} changes made here stored, {Applied} brought here")]
    private static partial void LogSettled(ILogger log, string folder, int captured, int applied);

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "{Folder}: {Reason} Trying again.")]
    private static partial void LogStopped(ILogger log, string folder, string reason);

    [LoggerMessage(EventId = 12, Level = LogLevel.Information, Message = "{Folder}: goes on")]
    private static partial void LogGoesOn(ILogger log, string folder);

    [LoggerMessage(EventId = 13, Level = LogLevel.Error, Message = "{Folder}: unexpected")]
    private static partial void LogUnexpected(ILogger log, string folder, Exception trouble);
}
