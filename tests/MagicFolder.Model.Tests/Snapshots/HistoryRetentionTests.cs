using MagicFolder.Model.Snapshots;

namespace MagicFolder.Model.Tests.Snapshots;

public sealed class HistoryRetentionTests
{
    private const long Hour = 3_600_000;

    [Fact]
    public void TheNewestSixteenStayWhateverTheirTimes()
    {
        var sameInstant = Enumerable.Range(0, 40).Select(i => new SnapshotTime(40 - i, 5)).ToList();
        var kept = HistoryRetention.Keep(sameInstant);
        kept.Take(16).ShouldBe(sameInstant.Take(16));
        // One more stands for that hour.
        kept.Count.ShouldBe(17);
    }

    [Fact]
    public void OlderOnesAreThinnedToHoursDaysWeeksAndFourWeeks()
    {
        // One every ten minutes for two years.
        var all = Enumerable.Range(0, 2 * 365 * 144).Select(i => new SnapshotTime(200_000 - i, 2_000_000 * Hour - i * (Hour / 6))).ToList();
        var kept = HistoryRetention.Keep(all);
        kept.Count.ShouldBeInRange(16 + 24 + 28 + 48 + 12, 16 + 48 + 35 + 56 + 16);
        kept.ShouldBe(kept.OrderByDescending(s => s.Seq));
        kept[^1].TimeMs.ShouldBeLessThan(all[^1].TimeMs + 29 * 24 * Hour);
    }

    [Fact]
    public void ThinningAsItGrowsKeepsWhatThinningAtOnceDoes()
    {
        var random = new Random(1);
        var all = new List<SnapshotTime>();
        IReadOnlyList<SnapshotTime> grown = [];
        long time = 1_700_000_000_000;
        for (int seq = 1; seq <= 3000; seq++)
        {
            time += random.NextInt64(6 * Hour);
            all.Insert(0, new SnapshotTime(seq, time));
            grown = HistoryRetention.Keep([new SnapshotTime(seq, time), .. grown]);
        }
        grown.ShouldBe(HistoryRetention.Keep(all));
    }

    [Fact]
    public void WildClocksMakeNoIndexLongerThanItsBound()
    {
        var random = new Random(2);
        var all = Enumerable.Range(0, 5000).Select(i => new SnapshotTime(5000 - i, random.NextInt64(long.MinValue, long.MaxValue))).ToList();
        HistoryRetention.Keep(all).Count.ShouldBe(HistoryRetention.Most);
        HistoryRetention.Keep([]).ShouldBeEmpty();
    }
}
