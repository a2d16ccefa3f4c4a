using System.Threading.Channels;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Watching;
using MagicFolder.Grid;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Folders;

/// <summary>What a session runs on.</summary>
public sealed record SessionEnvironment(IGrid Grid, TimeProvider Time, IRandomSource Random, EngineOptions Options)
{
    /// <summary>Opens the disk of a participant, given its directory.</summary>
    public Func<string, IDisk> OpenDisk { get; init; } = LocalDisk.Open;

    /// <summary>Listens to what changes in the directory of a participant.</summary>
    public Func<string, TimeProvider, FolderWatcher> Listen { get; init; } = FolderWatcher.Start;

    /// <summary>Where a participant counts what it does.</summary>
    public Func<SyncProgress> NewProgress { get; init; } = () => new SyncProgress();

    public WatchIntervals Intervals { get; init; } = WatchIntervals.Default;
}

/// <summary>
/// All participants of one folder on this computer, each with its own state and engine, over one grid. Either brought to rest once or kept the same until stopped.
/// A participant that cannot go on is stopped alone; the others go on.
/// </summary>
public sealed class FolderSession : IAsyncDisposable
{
    /// <summary>Rounds in which nothing settles mean a file that changes all the time; it is reported, and the rest is done.</summary>
    internal const int MaxCycles = 64;

    internal static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(30);
    internal static readonly TimeSpan MaxSettling = TimeSpan.FromSeconds(5);

    private readonly SessionEnvironment _environment;
    private readonly List<SessionParticipant> _participants = [];

    private FolderSession(FolderConfiguration folder, SessionEnvironment environment)
    {
        Folder = folder;
        _environment = environment;
    }

    public FolderConfiguration Folder { get; }

    internal IGrid Grid => _environment.Grid;

    public IReadOnlyList<SessionParticipant> Participants => _participants;

    private bool WorksTogether => _environment.Options is { Background: true, Threads: > 1 } && _participants.Count > 1;

    /// <summary>Opens those participants whose names are given, or all. One that cannot be opened is there, stopped, with its reason.</summary>
    /// <exception cref="StateInUseException">Another process works with this state.</exception>
    public static async Task<FolderSession> OpenAsync(
        FolderConfiguration folder, string stateDirectory, SessionEnvironment environment, CancellationToken cancel)
    {
        var session = new FolderSession(folder, environment);
        try
        {
            foreach (var participant in folder.Participants) session._participants.Add(new SessionParticipant(participant, environment.NewProgress()));
            if (session.WorksTogether)
            {
                await Task.WhenAll(session._participants.Select(participant => Task.Run(() => participant.OpenAsync(folder, stateDirectory, environment, cancel), cancel)));
                return session;
            }
            foreach (var participant in session._participants) await participant.OpenAsync(folder, stateDirectory, environment, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Over a participant that somebody else has opened, keeps open and closes.</summary>
    internal static FolderSession Over(FolderConfiguration folder, SessionEnvironment environment, SessionParticipant participant) =>
        new(folder, environment) { _participants = { participant } };

    /// <summary>Rounds of all participants until nothing is left to do.</summary>
    public Task RunToRestAsync(CancellationToken cancel) => WorksTogether ? new TogetherToRest(_participants, _environment.Time).RunAsync(cancel) : RunInTurnAsync(cancel);

    private async Task RunInTurnAsync(CancellationToken cancel)
    {
        var waited = TimeSpan.Zero;
        bool putsNothingOff = false;
        for (int cycle = 0; cycle < MaxCycles; cycle++)
        {
            bool busy = false;
            foreach (var participant in _participants)
            {
                if (participant.IsStopped) continue;
                busy |= await participant.RunRoundAsync(cycle == 0 ? ScanScope.Everything : participant.NextScope(putsNothingOff), cancel);
            }
            putsNothingOff = false;
            if (busy) continue;
            if (_participants.Exists(p => p.WaitsToSettle) && waited < MaxSettling)
            {
                await Task.Delay(SettleDelay, _environment.Time, cancel);
                waited += SettleDelay;
                cycle--;
                continue;
            }
            // Nobody comes back soon.
            putsNothingOff = _participants.Exists(p => p.HasLeftForLater);
            if (!putsNothingOff) return;
        }
    }

    /// <summary>
    /// Keeps all participants the same until cancelled, also those that are stopped now, as soon as they can go on.
    /// </summary>
    /// <param name="settled">Called whenever a participant's round did something.</param>
    /// <param name="changedStanding">Called whenever a participant stops, for another reason than before, or goes on.</param>
    /// <param name="cancel">Ends the watch.</param>
    public async Task WatchAsync(Action<SessionParticipant, RoundReport> settled, Action<SessionParticipant> changedStanding, CancellationToken cancel)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var loops = new List<Task>();
        foreach (var participant in _participants)
        {
            loops.Add(participant.WatchAsync(
                _environment.Time,
                report =>
                {
                    settled(participant, report);
                    if (!report.Published) return;
                    foreach (var other in _participants)
                        if (other != participant) other.NoteRemoteChange();
                },
                () => changedStanding(participant),
                linked.Token));
        }
        try
        {
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Being stopped is the way a watch ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var participant in _participants) await participant.DisposeAsync();
    }
}
