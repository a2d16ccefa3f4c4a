namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A clock that somebody set wrong; it goes at the right pace.</summary>
internal sealed class ShiftedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
