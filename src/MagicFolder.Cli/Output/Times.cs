using System.Globalization;

namespace MagicFolder.Cli.Output;

/// <summary>Points in time: UTC by ISO 8601 for programs, local time for people.</summary>
internal static class Times
{
    private static readonly long MinMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long MaxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    internal static string Iso(long unixMs) => At(unixMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static string IsoOfNs(long unixNs) => Iso(MsOfNs(unixNs));

    internal static string Local(long unixMs) =>
        TimeZoneInfo.ConvertTime(At(unixMs), TimeProvider.System.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string LocalOfNs(long unixNs) => Local(MsOfNs(unixNs));

    private static long MsOfNs(long unixNs) => (unixNs - (((unixNs % 1_000_000) + 1_000_000) % 1_000_000)) / 1_000_000;

    /// <summary>Times come from others' clocks and files; what no calendar holds is shown as the nearest that it does.</summary>
    private static DateTimeOffset At(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, MinMs, MaxMs));
}
