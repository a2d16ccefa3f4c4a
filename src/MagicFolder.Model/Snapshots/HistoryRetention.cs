namespace MagicFolder.Model.Snapshots;

/// <summary>
/// Which snapshots stay in the index of the head: the newest 16; behind these one an hour, a day, a week or four weeks, the coarser the older they are
/// than the newest. Hours and days are counted from the epoch, so thinning again what was thinned before
/// leaves what thinning everything at once would.
/// </summary>
public static class HistoryRetention
{
    /// <summary>All that are newer than the 17th newest stay, whatever their times.</summary>
    public const int Newest = 16;

    /// <summary>No index is longer, whatever the clocks said.</summary>
    public const int Most = 256;

    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    /// <summary>The snapshots to keep, in the same order.</summary>
    /// <param name="newestFirst">In the order of publication, which is what counts as newer; clocks may have gone backwards.</param>
    public static IReadOnlyList<SnapshotTime> Keep(IReadOnlyList<SnapshotTime> newestFirst)
    {
        var kept = new List<SnapshotTime>();
        var (period, number) = (0L, 0L);
        foreach (var snapshot in newestFirst)
        {
            if (kept.Count == Most) break;
            if (kept.Count >= Newest)
            {
                long itsPeriod = Period(newestFirst[0].TimeMs, snapshot.TimeMs);
                long itsNumber = Math.DivRem(snapshot.TimeMs, itsPeriod).Quotient;
                if (itsPeriod == period && itsNumber == number) continue;
                (period, number) = (itsPeriod, itsNumber);
            }
            kept.Add(snapshot);
        }
        return kept;
    }

    // Each period is a multiple of the one before: what is the newest of a longer period was the newest of its shorter one, and was kept.
    private static long Period(long newest, long time) => (long)Int128.Min((Int128)newest - time, long.MaxValue) switch
    {
        < Day => Hour,
        < 28 * Day => Day,
        < 364 * Day => 7 * Day,
        _ => 28 * Day,
    };
}
