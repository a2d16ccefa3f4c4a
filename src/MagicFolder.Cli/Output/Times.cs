using System.Globalization;
using MagicFolder.Model.Snapshots;

namespace MagicFolder.Cli.Output;

/// <summary>Points in time: UTC by ISO 8601 for programs, local time for people.</summary>
internal static class Times
{
    internal static string Iso(long unixMs) => UnixTime.ToIso(unixMs);

    internal static string Local(long unixMs) =>
        TimeZoneInfo.ConvertTime(UnixTime.ToUtc(unixMs), TimeProvider.System.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <param name="iso">As documents have it.</param>
    internal static string LocalOfIso(string iso) => Local(DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
}
