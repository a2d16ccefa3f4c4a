namespace MagicFolder.Sync.Folders;

/// <summary>Those who want a participant to look at everything now, and wait until it has. Safe for concurrent use.</summary>
internal sealed class RoundRequests
{
    private readonly Lock _lock = new();
    private List<TaskCompletionSource<string?>> _asked = [];
    private List<TaskCompletionSource<string?>> _taken = [];
    private bool _isClosed;

    /// <summary>Completes with null after a round that began later, or with the reason why there was none; cancelled when no round comes any more.</summary>
    internal Task<string?> AskAsync(CancellationToken cancel)
    {
        var asked = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isClosed) asked.SetCanceled(CancellationToken.None);
            else _asked.Add(asked);
        }
        return asked.Task.WaitAsync(cancel);
    }

    /// <summary>Does somebody wait for a round that has not begun?</summary>
    internal bool IsAsked
    {
        get
        {
            lock (_lock) return _asked.Count > 0;
        }
    }

    /// <summary>A round begins: true if somebody waits for it.</summary>
    internal bool Take()
    {
        lock (_lock)
        {
            if (_asked.Count == 0) return false;
            _taken.AddRange(_asked);
            _asked = [];
            return true;
        }
    }

    /// <summary>The round has ended, well (null) or not.</summary>
    internal void Answer(string? reason)
    {
        List<TaskCompletionSource<string?>> taken;
        lock (_lock) (taken, _taken) = (_taken, []);
        foreach (var one in taken) one.TrySetResult(reason);
    }

    /// <summary>No round comes any more: nobody waits in vain, now or later.</summary>
    internal void Close()
    {
        List<TaskCompletionSource<string?>> open;
        lock (_lock)
        {
            open = [.. _asked, .. _taken];
            (_asked, _taken, _isClosed) = ([], [], true);
        }
        foreach (var one in open) one.TrySetCanceled();
    }
}
