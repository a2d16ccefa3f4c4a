using System.Globalization;

namespace MagicFolder.Model.Snapshots;

/// <summary>Milliseconds since the Unix epoch, as snapshots and files have them, on a calendar.</summary>
public static class UnixTime
{
    private static readonly long MinMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long MaxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Times come from others' clocks and files; what no calendar holds becomes the nearest that it does.</summary>
    public static DateTimeOffset ToUtc(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, MinMs, MaxMs));

    /// <summary>By ISO 8601 in UTC, to the millisecond: how programs are told of a time.</summary>
    public static string ToIso(long unixMs) => ToUtc(unixMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
