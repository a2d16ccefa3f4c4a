using MagicFolder.FileSystem.Disks;

namespace MagicFolder.FileSystem.Capturing;

/// <summary>
/// Was something changed so shortly before it was looked at that a later change might leave the same signature? Then its content has to be read again
/// (the "racy git" problem: Documentation/technical/racy-git in git).
/// </summary>
public static class Racy
{
    /// <summary>A kernel's clock for timestamps goes in ticks of at most 10 ms; doubled.</summary>
    public const long FineGranularityNs = 20_000_000;

    /// <summary>FAT counts in steps of 2 s.</summary>
    public const long CoarseGranularityNs = 2_000_000_000;

    /// <summary>For a file that others wrote: neither mtime nor ctime may be too fresh.</summary>
    /// <param name="stat">What was seen.</param>
    /// <param name="observedAtNs">When it was looked at, before the content was read; nanoseconds since the epoch.</param>
    public static bool IsRacy(DiskStat stat, long observedAtNs) => IsFresh(stat, observedAtNs) || stat.CtimeNs > observedAtNs - Granularity(stat);

    /// <summary>
    /// For a file whose mtime this program has just set itself: its ctime is always fresh, but an edit by anybody else moves the mtime away from what was set.
    /// </summary>
    public static bool IsRacyBySetMtime(DiskStat stat, long observedAtNs) => IsFresh(stat, observedAtNs);

    /// <summary>An mtime far in the future is not fresh: a write would move it back to now.</summary>
    internal static bool IsFresh(DiskStat stat, long observedAtNs) =>
        stat.MtimeNs > observedAtNs - Granularity(stat) && stat.MtimeNs < observedAtNs + CoarseGranularityNs;

    /// <summary>How long a clock may give the same times.</summary>
    internal static TimeSpan Granule(DiskStat stat) => TimeSpan.FromTicks(Granularity(stat) / TimeSpan.NanosecondsPerTick);

    private static long Granularity(DiskStat stat) => stat.MtimeNs % 1_000_000_000 == 0 ? CoarseGranularityNs : FineGranularityNs;
}
