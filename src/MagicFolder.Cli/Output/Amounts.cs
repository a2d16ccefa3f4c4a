namespace MagicFolder.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Amounts
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Decimal units, three digits: 402 MB.</summary>
    internal static string Bytes(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        string digits = unit == 0 || value >= 99.95 ? value.ToString("0") : value >= 9.995 ? value.ToString("0.0") : value.ToString("0.00");
        return $"{digits} {Units[unit]}";
    }

    internal static string Count(long count, string one, string? many = null) => $"{count:#,0} {(count == 1 ? one : many ?? one + "s")}";

    internal static string Duration(TimeSpan time) => time.TotalSeconds < 60
        ? $"{time.TotalSeconds:0.0} s"
        : time.TotalMinutes < 60 ? $"{(int)time.TotalMinutes} min {time.Seconds} s" : $"{(int)time.TotalHours} h {time.Minutes} min";
}
