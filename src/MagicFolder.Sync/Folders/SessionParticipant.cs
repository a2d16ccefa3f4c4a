using System.Threading.Channels;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Watching;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Folders;

/// <summary>One participant in a session: its directory, state and engine, and how it fares.</summary>
public sealed class SessionParticipant(LocalParticipant participant, SyncProgress progress) : IAsyncDisposable
{
    private const string WatchSource = "watch";

    private readonly Channel<bool> _remoteChanges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<RelativePath> _lookAgain = [];
    private readonly RoundRequests _requests = new();
    private WatchIntervals _intervals = WatchIntervals.Default;
    private Func<CancellationToken, Task>? _opening;
    private Func<string, IDisk>? _openDisk;
    private Func<string, TimeProvider, FolderWatcher>? _listen;
    private MutableKeys? _keys;
    private IDisk? _disk;
    private ParticipantDatabase? _state;
    private ParticipantEngine? _engine;
    private bool _isBorrowed;
    private bool _hasLeftVanished;
    private bool _hasLeftForLater;

    /// <summary>One that somebody else has opened, keeps open and closes. It has rounds, and cannot be watched.</summary>
    internal static SessionParticipant Over(LocalParticipant participant, ParticipantDatabase state, ParticipantEngine engine) =>
        new(participant, new SyncProgress()) { _state = state, _engine = engine, _isBorrowed = true };

    public string Name => participant.Name;

    public string Path => participant.Path;

    public SyncProgress Progress => progress;

    /// <summary>Why it cannot go on, with what to do; null while it can.</summary>
    public string? StopReason { get; private set; }

    /// <summary>What stopped a round, the last time that one was; null when none was.</summary>
    public Exception? StoppedBy { get; private set; }

    public bool IsStopped => StopReason is not null;

    /// <summary>Its state; null only when it could not be opened.</summary>
    public ParticipantDatabase? State => _state;

    /// <summary>Null when it could not be opened.</summary>
    public ParticipantEngine? Engine => _engine;

    /// <summary>Its directory as its engine sees it. Null when it could not be opened.</summary>
    public IDisk? Disk => _engine?.Disk;

    /// <summary>Called when it has published something; true in the middle of a round.</summary>
    internal Action<bool>? Published { get; set; }

    internal LocalParticipant Local => participant;

    /// <exception cref="RefusedException">It is stopped; the message says why.</exception>
    internal void RequireRunning()
    {
        if (StopReason is { } reason) throw new RefusedException($"{Name} cannot go on: {reason}");
    }

    /// <summary>What stands in its directory is part of the folder already.</summary>
    internal bool HasPublished()
    {
        try
        {
            return _state?.Versions.Read() is { PublishedSeq: > 0 };
        }
        catch (Exception e) when (StopsOne(e))
        {
            // Its own round will tell.
            return false;
        }
    }

    /// <summary>Paths are pending that could not be touched because something had just changed there, or what vanished could not count because a file of rules had.</summary>
    internal bool WaitsToSettle => !IsStopped && _lookAgain.Count > 0 && (_hasLeftVanished || _state!.Pending.Any());

    /// <summary>Opens it, or stops it with its reason.</summary>
    internal async Task OpenAsync(FolderConfiguration folder, string stateDirectory, SessionEnvironment environment, CancellationToken cancel)
    {
        _opening = cancelOpening => OpenEngineAsync(folder, stateDirectory, environment, cancelOpening);
        try
        {
            await _opening(cancel);
        }
        catch (Exception e) when (StopsOne(e))
        {
            StopReason = e.Message;
        }
    }

    /// <summary>True if the round did something, so that another may find more to do.</summary>
    internal async Task<bool> RunRoundAsync(ScanScope scope, CancellationToken cancel)
    {
        try
        {
            return (await RoundAsync(scope, cancel)).DidSomething;
        }
        catch (Exception e) when (StopsOne(e))
        {
            (StopReason, StoppedBy) = (e.Message, e);
            return false;
        }
    }

    /// <summary>Something failed in an earlier round and was not tried again in the last one, since that was too soon.</summary>
    internal bool HasLeftForLater => !IsStopped && _hasLeftForLater;

    /// <param name="putsNothingOff">Try what was left for later as well.</param>
    internal ScanScope NextScope(bool putsNothingOff = false)
    {
        var scope = _lookAgain.Count == 0 ? ScanScope.Nothing : ScanScope.Of(_lookAgain);
        return putsNothingOff ? scope.PuttingNothingOff() : scope;
    }

    /// <summary>
    /// In a watch: looks at everything, here and on the grid. Null when that is done; otherwise why it cannot be done now.
    /// </summary>
    /// <exception cref="OperationCanceledException">The session has ended before that was done.</exception>
    public Task<string?> LookNowAsync(CancellationToken cancel)
    {
        var asked = _requests.AskAsync(cancel);
        NoteRemoteChange();
        return asked;
    }

    internal void NoteRemoteChange() => _remoteChanges.Writer.TryWrite(true);

    /// <summary>
    /// Rounds until cancelled. Nothing ends for good here: the drive may be mounted again, the storage come back. After a failure all is closed and opened anew, and a
    /// full scan finds what was missed meanwhile.
    /// </summary>
    /// <param name="time">For waiting.</param>
    /// <param name="settled">Called after a round that did something.</param>
    /// <param name="changedStanding">Called when <see cref="StopReason"/> became another.</param>
    /// <param name="cancel">Ends the watch.</param>
    internal async Task WatchAsync(TimeProvider time, Action<RoundReport> settled, Action changedStanding, CancellationToken cancel)
    {
        var pause = new RetryPause();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (_engine is null) await _opening!(cancel);
                pause.Opened();
                using var watcher = _listen!(participant.Path, time);
                await WatchRoundsAsync(watcher, time, settled, GoesWell, cancel);
            }
            // Whatever it is: nobody looks at one loop among others, and it would have ended for good.
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                StoppedBy = e;
                string reason = Tell(e);
                Stand(reason, changedStanding);
                _requests.Take();
                _requests.Answer(reason);
                await CloseAsync();
                await PauseAsync(pause.Next(), time, cancel);
            }
        }

        void GoesWell()
        {
            pause.WentWell();
            Stand(null, changedStanding);
        }
    }

    /// <summary>Until it is over, or somebody wants to have all looked at now. What others in this process publish is no reason: what stopped this one is not mended by that.</summary>
    private async Task PauseAsync(TimeSpan pause, TimeProvider time, CancellationToken cancel)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var over = Task.Delay(pause, time, ends.Token);
        while (!over.IsCompleted && !_requests.IsAsked)
        {
            await Task.WhenAny(over, _remoteChanges.Reader.WaitToReadAsync(ends.Token).AsTask());
            while (_remoteChanges.Reader.TryRead(out _)) { }
        }
        await ends.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private async Task WatchRoundsAsync(FolderWatcher watcher, TimeProvider time, Action<RoundReport> settled, Action goesWell, CancellationToken cancel)
    {
        var wake = new WakeUp(stop => watcher.NextAsync(FolderWatcher.DefaultSettle, stop).AsTask(), _remoteChanges.Reader, time);
        var lastFullScan = time.GetTimestamp();
        var scope = ScanScope.Everything;
        var pace = new LookAgainPace(_intervals.Poll);
        Problem? told = null;
        while (!cancel.IsCancellationRequested)
        {
            if (_requests.Take()) scope = ScanScope.Everything.PuttingNothingOff();
            if (watcher.Trouble is { } trouble && trouble != told) new StandingProblem(_state!.Problems, WatchSource).Set(told = trouble);
            RequireInPlace();
            var report = await RoundAsync(scope, cancel);
            goesWell();
            _requests.Answer(null);
            if (scope.IsEverything) lastFullScan = time.GetTimestamp();
            if (report.DidSomething) settled(report);
            var hints = await wake.NextAsync(pace.Next(_lookAgain, report.DidSomething), _engine!.MayLookAt, cancel);
            scope = hints.Everything || time.GetElapsedTime(lastFullScan) > _intervals.FullScan
                ? ScanScope.Everything
                : ScanScope.Of(hints.Paths.Concat(_lookAgain));
        }
    }

    private void Stand(string? reason, Action changed)
    {
        if (StopReason == reason) return;
        StopReason = reason;
        changed();
    }

    private async Task OpenEngineAsync(FolderConfiguration folder, string stateDirectory, SessionEnvironment environment, CancellationToken cancel)
    {
        await CloseAsync();
        _intervals = environment.Intervals;
        _keys = MutableKeys.FromPkcs8(participant.PersonalKey.AsSpan());
        (_openDisk, _listen) = (environment.OpenDisk, environment.Listen);
        _disk = environment.OpenDisk(participant.Path);
        string database = FolderConfiguration.DatabaseFile(stateDirectory, Name);
        PrivateFile.CreateDirectory(System.IO.Path.GetDirectoryName(database)!);
        _state = ParticipantDatabase.Open(database);
        // Of a former watch. Whoever watches now will tell.
        new StandingProblem(_state.Problems, WatchSource).Clear();
        _engine = await ParticipantEngine.OpenAsync(
            new EngineParts
            {
                Folder = folder.Folder,
                Petname = Name,
                Personal = _keys,
                Collective = folder.Collective.ReadCap,
                CollectiveWriteCap = folder.Collective.WriteCap,
                CollectiveKey = folder.CollectiveKey.AsMemory(),
                Disk = _disk,
                State = _state,
                Grid = environment.Grid,
                Time = environment.Time,
                Random = environment.Random,
                Options = environment.Options with { Retention = RetentionFile.Read(stateDirectory) ?? environment.Options.Retention },
                Progress = Progress,
                Published = inMidRound => Published?.Invoke(inMidRound),
            },
            cancel);
    }

    /// <summary>The disk holds the directory that was opened, wherever it has gone meanwhile; what stands at its path now may be another, or nothing.</summary>
    private void RequireInPlace()
    {
        using var now = _openDisk!(participant.Path);
        if (Identity(now) != Identity(_disk!))
            throw new FolderUnavailableException($"The directory of {Name} is not at {participant.Path} any more, where another one stands: mount it or bring it back. Nothing was deleted anywhere.");

        static (ulong, ulong)? Identity(IDisk disk) => disk.Stat(RelativePath.Root) is { } stat ? (stat.Device, stat.Inode) : null;
    }

    private async Task<RoundReport> RoundAsync(ScanScope scope, CancellationToken cancel)
    {
        var report = await _engine!.RunRoundAsync(scope, cancel);
        if (scope.IsEverything) _lookAgain.Clear();
        else foreach (var path in scope.Paths) _lookAgain.Remove(path);
        _lookAgain.UnionWith(report.LookAgain);
        _hasLeftVanished = report.HasLeftVanished;
        _hasLeftForLater = report.HasLeftForLater;
        return report;
    }

    private static bool StopsOne(Exception e) =>
        e is FolderUnavailableException or SecondWriterException or RemovedParticipantException or StateStorageException or DamagedBytesException or DiskException
            // One object that is lost or damaged is the trouble of those who need it.
            or GridException { Failure: GridFailure.NotFound or GridFailure.Damaged or GridFailure.UncoordinatedWrite };

    private static string Tell(Exception e) => KnownTrouble.Is(e)
        ? e.Message
        : $"something went wrong that should not ({e.GetType().Name}: {e.Message.TrimEnd('.')}).";

    private async ValueTask CloseAsync()
    {
        if (_isBorrowed) (_engine, _state) = (null, null);
        if (_engine is not null) await _engine.DisposeAsync();
        _state?.Dispose();
        _disk?.Dispose();
        _keys?.Dispose();
        (_engine, _state, _disk, _keys) = (null, null, null, null);
    }

    public ValueTask DisposeAsync()
    {
        _requests.Close();
        return CloseAsync();
    }
}
