using System.Runtime.ExceptionServices;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Folders;

/// <summary>
/// Rounds of several participants at the same time, until none of them finds anything to do: one brings over what another has published while that one still stores more.
/// One that has published before looks at its directory at once. A new one begins when the one before it has published or has had a round: so what is the same in both is stored once,
/// and what is quickly done is done in one order, without snapshots that say nothing.
/// </summary>
internal sealed class TogetherToRest(IReadOnlyList<SessionParticipant> participants, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionParticipant, long?> _restsSince = participants.ToDictionary(participant => participant, _ => (long?)null);
    private TaskCompletionSource _news = NewSignal();
    private ExceptionDispatchInfo? _first;
    private long _changes;
    private int _early;

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var turns = participants.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        for (int i = 0; i < turns.Length; i++)
            if (i == 0 || participants[i].HasPublished()) turns[i].SetResult();
        for (int i = 0; i < turns.Length; i++)
        {
            var next = i + 1 < turns.Length ? turns[i + 1] : null;
            participants[i].Published = inMidRound =>
            {
                NoteChange(inMidRound);
                next?.TrySetResult();
            };
        }
        try
        {
            // Each on a thread of its own from the first step on.
            await Task.WhenAll(participants.Select((participant, i) => Task.Run(
                () => RunOneAsync(participant, turns[i].Task, () => turns[Math.Min(i + 1, turns.Length - 1)].TrySetResult(), ending), CancellationToken.None)));
        }
        catch when (_first is not null)
        {
            // The others were only told to end.
            _first.Throw();
        }
        finally
        {
            foreach (var participant in participants) participant.Published = null;
        }
    }

    private async Task RunOneAsync(SessionParticipant participant, Task turn, Action hadRound, CancellationTokenSource ending)
    {
        try
        {
            await turn.WaitAsync(ending.Token);
            await RunToRestAsync(participant, hadRound, ending.Token);
        }
        catch (Exception e)
        {
            lock (_lock) _first ??= ExceptionDispatchInfo.Capture(e);
            // What ends one ends all: the storage is away.
            await ending.CancelAsync();
            throw;
        }
        finally
        {
            hadRound();
            lock (_lock)
            {
                _restsSince.Remove(participant);
                Tell();
            }
        }
    }

    private async Task RunToRestAsync(SessionParticipant participant, Action hadRound, CancellationToken cancel)
    {
        var waited = TimeSpan.Zero;
        bool putsNothingOff = false;
        for (int cycle = 0; cycle < MaxCycles() && !participant.IsStopped; cycle++)
        {
            long seen = Changes();
            bool didSomething = await participant.RunRoundAsync(cycle == 0 ? ScanScope.Everything : participant.NextScope(putsNothingOff), cancel);
            putsNothingOff = false;
            hadRound();
            if (didSomething)
            {
                waited = TimeSpan.Zero;
                NoteChange();
                continue;
            }
            if (participant.WaitsToSettle && waited < FolderSession.MaxSettling)
            {
                await Task.Delay(FolderSession.SettleDelay, time, cancel);
                waited += FolderSession.SettleDelay;
                cycle--;
                continue;
            }
            // Nobody comes back soon.
            putsNothingOff = participant.HasLeftForLater;
            if (putsNothingOff) continue;
            if (!await IsThereMoreAsync(participant, seen, cancel)) return;
        }
    }

    /// <summary>Waits until something has changed since, or until nobody has anything to do: then false.</summary>
    private async Task<bool> IsThereMoreAsync(SessionParticipant participant, long seen, CancellationToken cancel)
    {
        lock (_lock)
        {
            _restsSince[participant] = seen;
            Tell();
        }
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (_changes != seen)
                {
                    _restsSince[participant] = null;
                    return true;
                }
                if (_restsSince.Values.All(since => since == _changes)) return false;
                news = _news.Task;
            }
            await news.WaitAsync(cancel);
        }
    }

    /// <summary>What another published in the middle of a round costs a few rounds, and has an end.</summary>
    private int MaxCycles()
    {
        lock (_lock) return FolderSession.MaxCycles + (4 * _early);
    }

    private long Changes()
    {
        lock (_lock) return _changes;
    }

    private void NoteChange(bool inMidRound = false)
    {
        lock (_lock)
        {
            _changes++;
            if (inMidRound) _early++;
            Tell();
        }
    }

    private void Tell()
    {
        _news.TrySetResult();
        _news = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
