namespace MagicFolder.Grid.Tests.Support;

/// <summary>A clock that stands where it is put. Timers run as always, so that waiting for a lock works.</summary>
internal sealed class SettableTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
