namespace MagicFolder.Grid.Servers;

/// <summary>
/// At most so many bytes per second, over any longer time; after a pause, what one second allows goes at once. A token bucket, kept as the moment at which it will be full again (the generic cell
/// rate algorithm, ITU-T I.371). Those who share it take turns. Safe for concurrent use.
/// </summary>
public sealed class RateLimit
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly long _bytesPerSecond;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _lock = new();
    private TimeSpan _fullAgain;

    /// <param name="bytesPerSecond">From 1.</param>
    /// <param name="time">By which it is waited.</param>
    public RateLimit(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        ArgumentNullException.ThrowIfNull(time);
        (_bytesPerSecond, _time, _start) = (bytesPerSecond, time, time.GetTimestamp());
    }

    /// <summary>Waits until so many bytes may go. More than one second allows are not refused; they take their time. What was waited for in vain counts as gone.</summary>
    public ValueTask TakeAsync(long bytes, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var delay = Reserve(bytes);
        return delay <= TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(delay, _time, cancel));
    }

    private TimeSpan Reserve(long bytes)
    {
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start);
            if (_fullAgain < now) _fullAgain = now;
            _fullAgain += TimeSpan.FromSeconds((double)bytes / _bytesPerSecond);
            return _fullAgain - now - Burst;
        }
    }
}
