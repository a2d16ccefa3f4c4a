namespace MagicFolder.Model.Snapshots;

/// <summary>
/// Which snapshots stay in the index of the head: the newest 16, or as many as a rule says; behind these one an hour (today and the day before, by UTC), a day (this
/// week and four more), a week (a year), and one every four weeks. Hours and days are counted from the epoch, so thinning again what was thinned before
/// leaves what thinning everything at once would. A <see cref="RetentionRule"/> may keep all of the last days, and drop what is older than some. What is thinned never comes back, so
/// today is when the middle one of the newest 16, by their times, was made: a clock that was wrong for fewer than half of them does not age the others.
/// </summary>
public static class HistoryRetention
{
    /// <summary>Unless a rule says otherwise, all that are newer than the 17th newest stay, whatever their times.</summary>
    public const int Newest = 16;

    /// <summary>No more stay only because a rule keeps all of some days: an hour for two days, a day for five weeks and a week for a year have their places besides.</summary>
    public const int MostInFull = 96;

    /// <summary>No index is longer, whatever the clocks said.</summary>
    public const int Most = 256;

    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private const long Week = 7 * Day;
    private const long FourWeeks = 4 * Week;

    /// <summary>The snapshots to keep by default, in the same order.</summary>
    public static IReadOnlyList<SnapshotTime> Keep(IReadOnlyList<SnapshotTime> newestFirst) => Keep(newestFirst, RetentionRule.Default);

    /// <summary>The snapshots to keep, in the same order. Keeping what was kept once more changes nothing.</summary>
    /// <param name="newestFirst">In the order of publication, which is what counts as newer; clocks may have gone backwards.</param>
    /// <param name="rule">What the owner wants.</param>
    public static IReadOnlyList<SnapshotTime> Keep(IReadOnlyList<SnapshotTime> newestFirst, RetentionRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var kept = new List<SnapshotTime>();
        long now = MiddleOfNewest(newestFirst, rule.Newest);
        var (period, number) = (0L, 0L);
        foreach (var snapshot in newestFirst)
        {
            if (kept.Count == Most) break;
            if (kept.Count >= rule.Newest)
            {
                long age = Number(now, Day) - Number(snapshot.TimeMs, Day);
                if (age > rule.DropAfterDays) continue;
                if (age < rule.AllOfDays && kept.Count < MostInFull)
                {
                    kept.Add(snapshot);
                    continue;
                }
                long itsPeriod = Period(now, snapshot.TimeMs);
                long itsNumber = Number(snapshot.TimeMs, itsPeriod);
                if (itsPeriod == period && itsNumber == number) continue;
                (period, number) = (itsPeriod, itsNumber);
            }
            kept.Add(snapshot);
        }
        return kept;
    }

    // Those that always stay, so that thinning again finds the same now. It never goes back where times do not, which thinning as the history grows depends on.
    private static long MiddleOfNewest(IReadOnlyList<SnapshotTime> newestFirst, int newest)
    {
        long[] times = [.. newestFirst.Take(newest).Select(snapshot => snapshot.TimeMs)];
        Array.Sort(times);
        return times.Length == 0 ? 0 : times[(times.Length - 1) / 2];
    }

    // Each period is a multiple of the one before, and all of a longer period grows old at once: what is the newest of it was the newest of its shorter
    // period, and so is still there.
    private static long Period(long now, long time) =>
        Number(now, Day) - Number(time, Day) <= 1 ? Hour
        : Number(now, Week) - Number(time, Week) <= 4 ? Day
        : Number(now, FourWeeks) - Number(time, FourWeeks) <= 13 ? Week
        : FourWeeks;

    /// <summary>Which period since the epoch this is, rounded down.</summary>
    private static long Number(long time, long period) => time / period - (time % period < 0 ? 1 : 0);
}
