using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Output;

/// <summary>
/// How long work goes on, on standard error: a bar in place on a terminal, a plain line every few seconds elsewhere. Only reads counters; the work never waits for it.
/// </summary>
internal sealed class ProgressLine : IAsyncDisposable
{
    private const int BarWidth = 20;
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly Func<TimeSpan, string> _describe;
    private readonly TimeProvider _time;
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly CancellationTokenSource _stop = new();
    private readonly long _start;
    private readonly Task _loop;
    private bool _shown;

    private ProgressLine(Func<TimeSpan, string> describe, TimeProvider time)
    {
        _describe = describe;
        _time = time;
        _start = time.GetTimestamp();
        _loop = LoopAsync();
    }

    /// <summary>Of participants that synchronize.</summary>
    internal static ProgressLine Start(IReadOnlyList<SessionParticipant> participants, TimeProvider time) => new(elapsed => Describe(participants, elapsed), time);

    /// <param name="describe">Says how far it is, given how long it has taken; called from another thread.</param>
    /// <param name="time">Real time.</param>
    internal static ProgressLine Start(Func<TimeSpan, string> describe, TimeProvider time) => new(describe, time);

    /// <summary>Bytes of one file.</summary>
    internal static string Describe(long done, long all, TimeSpan elapsed)
    {
        // Another thread moves it.
        done = Math.Clamp(done, 0, all);
        return $"{Bar(done, all)}{Amounts.Bytes(done)} of {Amounts.Bytes(all)}, {Rate(done, elapsed)}{Left(done, all, elapsed)}";
    }

    internal static string Rate(long bytes, TimeSpan elapsed) => $"{Amounts.Bytes((long)(bytes / Math.Max(0.1, elapsed.TotalSeconds)))}/s";

    /// <summary>A bar of what is done, with a space behind it; nothing as long as it is not known how much there is to do.</summary>
    internal static string Bar(long done, long all)
    {
        if (all == 0) return "";
        int filled = (int)(BarWidth * done / all);
        return $"[{new string('#', filled)}{new string('-', BarWidth - filled)}] ";
    }

    internal static string Left(long done, long all, TimeSpan elapsed) =>
        done == 0 || done >= all || elapsed < TimeSpan.FromSeconds(2) ? "" : $", {Amounts.Duration(elapsed * ((double)(all - done) / done))} left";

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_isTerminal ? TerminalInterval : PlainInterval, _time, _stop.Token);
                Show();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private void Show()
    {
        string text = _describe(_time.GetElapsedTime(_start));
        if (_isTerminal) Console.Error.Write($"\r\u001b[K{text}");
        else Console.Error.WriteLine(text);
        _shown = true;
    }

    private static string Describe(IReadOnlyList<SessionParticipant> participants, TimeSpan elapsed)
    {
        long captured = participants.Sum(p => p.Progress.Captured);
        long applied = participants.Sum(p => p.Progress.Applied);
        long toApply = Math.Max(applied, participants.Sum(p => p.Progress.ToApply));
        long bytes = participants.Sum(p => p.Progress.BytesCaptured + p.Progress.BytesApplied);
        return captured == 0 && applied == 0
            ? $"looking: {Amounts.Count(participants.Sum(p => p.Progress.Scanned), "path")}"
            : $"{Bar(applied, toApply)}stored {captured:#,0}, written {applied:#,0} of {toApply:#,0}, {Amounts.Bytes(bytes)}, {Rate(bytes, elapsed)}{Left(applied, toApply, elapsed)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        if (_shown && _isTerminal) Console.Error.Write("\r\u001b[K");
        _stop.Dispose();
    }
}
