using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

/// <summary>A share whose source fails when it is told to, and counts what is asked of it.</summary>
internal sealed class TroublesomeSource(byte[] share) : IShareSource
{
    private int _reads;

    /// <summary>Whether the read with that number (from 1) at that offset throws.</summary>
    internal Func<int, long, bool> Fails { get; set; } = (_, _) => false;

    internal Func<Exception> Failure { get; set; } = () => new IOException("The server is gone.");

    /// <summary>Answers only later, on another thread.</summary>
    internal bool IsSlow { get; init; }

    internal int Reads => _reads;

    public long Length => share.Length;

    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        var read = Interlocked.Increment(ref _reads);
        if (IsSlow)
        {
            await Task.Yield();
        }

        cancel.ThrowIfCancellationRequested();
        if (Fails(read, offset))
        {
            throw Failure();
        }

        share.AsMemory(checked((int)offset), destination.Length).CopyTo(destination);
    }
}
