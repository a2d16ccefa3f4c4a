namespace MagicFolder.Model.Snapshots;

/// <summary>Milliseconds since the Unix epoch, as snapshots and files have them, on a calendar.</summary>
public static class UnixTime
{
    private static readonly long MinMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long MaxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Times come from others' clocks and files; what no calendar holds becomes the nearest that it does.</summary>
    public static DateTimeOffset ToUtc(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, MinMs, MaxMs));
}
