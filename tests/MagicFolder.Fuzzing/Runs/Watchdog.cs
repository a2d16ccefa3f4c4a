using System.Diagnostics;

namespace MagicFolder.Fuzzing.Runs;

/// <summary>
/// Ends the program over an input that takes longer than two seconds: nothing can stop a thread that hangs. Counts the processor time of the process, since on a
/// busy machine a thread may wait for long without hanging.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Action<byte[]> _onHang;
    private readonly Timer _timer;
    private long _number;
    private long _seenNumber = -1;
    private TimeSpan _seenTime;
    private volatile byte[]? _input;

    /// <param name="onHang">Gets the input; called on another thread, once.</param>
    public Watchdog(Action<byte[]> onHang)
    {
        _onHang = onHang;
        _timer = new Timer(_ => Look(), null, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
    }

    public void Begin(byte[] input)
    {
        _input = input;
        Interlocked.Increment(ref _number);
    }

    public void End() => _input = null;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var used = Process.GetCurrentProcess().TotalProcessorTime;
        long number = Interlocked.Read(ref _number);
        if (number != _seenNumber || _input is not { } input)
        {
            (_seenNumber, _seenTime) = (number, used);
            return;
        }
        if (used - _seenTime < Limit) return;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _onHang(input);
    }
}
