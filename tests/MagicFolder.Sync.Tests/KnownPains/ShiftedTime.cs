namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A clock that somebody set wrong; it goes at the right pace.</summary>
internal sealed class ShiftedTime(TimeSpan by) : TimeProvider
{
    /// <summary>A board without a clock of its own: all that is written is a year ahead.</summary>
    internal static ShiftedTime AYearBehind { get; } = new(TimeSpan.FromDays(-365));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
