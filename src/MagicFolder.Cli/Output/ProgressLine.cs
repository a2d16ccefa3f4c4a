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

    private readonly IReadOnlyList<SessionParticipant> _participants;
    private readonly TimeProvider _time;
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly CancellationTokenSource _stop = new();
    private readonly long _start;
    private readonly Task _loop;
    private bool _shown;

    private ProgressLine(IReadOnlyList<SessionParticipant> participants, TimeProvider time)
    {
        _participants = participants;
        _time = time;
        _start = time.GetTimestamp();
        _loop = LoopAsync();
    }

    internal static ProgressLine Start(IReadOnlyList<SessionParticipant> participants, TimeProvider time) => new(participants, time);

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
        long captured = _participants.Sum(p => p.Progress.Captured);
        long applied = _participants.Sum(p => p.Progress.Applied);
        long toApply = Math.Max(applied, _participants.Sum(p => p.Progress.ToApply));
        long bytes = _participants.Sum(p => p.Progress.BytesCaptured + p.Progress.BytesApplied);
        var elapsed = _time.GetElapsedTime(_start);
        string text = captured == 0 && applied == 0
            ? $"looking: {Amounts.Count(_participants.Sum(p => p.Progress.Scanned), "path")}"
            : $"{Bar(applied, toApply)}stored {captured:#,0}, written {applied:#,0} of {toApply:#,0}, {Amounts.Bytes(bytes)}, {Amounts.Bytes((long)(bytes / Math.Max(0.1, elapsed.TotalSeconds)))}/s{Left(applied, toApply, elapsed)}";
        if (_isTerminal) Console.Error.Write($"\r\u001b[K{text}");
        else Console.Error.WriteLine(text);
        _shown = true;
    }

    private static string Bar(long done, long all)
    {
        if (all == 0) return "";
        int filled = (int)(BarWidth * done / all);
        return $"[{new string('#', filled)}{new string('-', BarWidth - filled)}] ";
    }

    private static string Left(long done, long all, TimeSpan elapsed) =>
        done == 0 || done >= all || elapsed < TimeSpan.FromSeconds(2) ? "" : $", {Amounts.Duration(elapsed * ((double)(all - done) / done))} left";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        if (_shown && _isTerminal) Console.Error.Write("\r\u001b[K");
        _stop.Dispose();
    }
}
