using System.Globalization;
using MagicFolder.Model.Snapshots;

namespace MagicFolder.Cli.Output;

/// <summary>Points in time: UTC by ISO 8601 for programs, local time for people.</summary>
internal static class Times
{
    internal static string Iso(long unixMs) => UnixTime.ToIso(unixMs);

    internal static string IsoOfNs(long unixNs) => Iso(MsOfNs(unixNs));

    internal static string Local(long unixMs) =>
        TimeZoneInfo.ConvertTime(UnixTime.ToUtc(unixMs), TimeProvider.System.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string LocalOfNs(long unixNs) => Local(MsOfNs(unixNs));

    private static long MsOfNs(long unixNs) => (unixNs - (((unixNs % 1_000_000) + 1_000_000) % 1_000_000)) / 1_000_000;
}
