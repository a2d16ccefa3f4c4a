namespace MagicFolder.Sync.Tests.Guarding;

internal sealed class SettableTime : TimeProvider
{
    internal DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public override DateTimeOffset GetUtcNow() => Now;
}
