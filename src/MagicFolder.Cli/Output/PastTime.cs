using System.Globalization;

namespace MagicFolder.Cli.Output;

/// <summary>A point in time as given on a command line: a date, with or without a time and a zone, or how long ago.</summary>
internal static class PastTime
{
    internal const string Forms = "2026-11-25, \"2026-11-25 14:30\", 2026-11-25T14:30:00Z, or how long ago: 90m, 2h, 3d";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mmzzz", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>Milliseconds since the epoch. Without a zone the time is local; a date alone is its beginning.</summary>
    /// <exception cref="UsageException">It is none of the forms.</exception>
    internal static long Parse(string text, TimeProvider time)
    {
        string trimmed = text.Trim();
        if (TryParseAgo(trimmed, out var ago)) return (time.GetUtcNow() - ago).ToUnixTimeMilliseconds();
        string zoned = trimmed.EndsWith('Z') ? $"{trimmed[..^1]}+00:00" : trimmed;
        if (!DateTimeOffset.TryParseExact(zoned, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
            throw new UsageException($"'{text}' is no time; give {Forms}.");
        bool hasZone = zoned.Length > 6 && zoned[^6] is '+' or '-' && zoned[^3] == ':' && zoned.Contains(':', StringComparison.Ordinal) && zoned.Length > "yyyy-MM-dd".Length;
        return hasZone ? parsed.ToUnixTimeMilliseconds() : new DateTimeOffset(parsed.DateTime, time.LocalTimeZone.GetUtcOffset(parsed.DateTime)).ToUnixTimeMilliseconds();
    }

    private static bool TryParseAgo(string text, out TimeSpan ago)
    {
        ago = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)) return false;
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is not { } one || count > 100_000) return false;
        ago = one * count;
        return true;
    }
}
