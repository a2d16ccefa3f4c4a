using MagicFolder.Grid.Servers;

namespace MagicFolder.Cli.Composition;

/// <summary>One limit for all that are opened while the rate is the same. Safe for concurrent use.</summary>
internal sealed class SharedLimit
{
    private readonly Lock _lock = new();
    private long _bytesPerSecond;
    private RateLimit? _limit;

    /// <param name="bytesPerSecond">0 for no limit.</param>
    internal RateLimit? At(long bytesPerSecond)
    {
        lock (_lock)
        {
            if (bytesPerSecond != _bytesPerSecond) (_bytesPerSecond, _limit) = (bytesPerSecond, bytesPerSecond == 0 ? null : new RateLimit(bytesPerSecond, TimeProvider.System));
            return _limit;
        }
    }
}
