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

    public static TheoryData<int, int?> Rules => new()
    {
        { 0, null }, { 1, null }, { 7, null }, { 400, null }, { 0, 1 }, { 0, 60 }, { 2, 30 }, { 30, 2 },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void WhateverTheRuleKeepingAgainChangesNothingAndTheNewestAndTheBoundHold(int allOfDays, int? dropAfterDays)
    {
        var rule = new RetentionRule(allOfDays, dropAfterDays);
        for (int seed = 0; seed < 40; seed++)
        {
            var all = Clock(new Random(seed), 2000, isWild: seed % 2 == 1);
            var kept = HistoryRetention.Keep(all, rule);
            HistoryRetention.Keep(kept, rule).ShouldBe(kept);
            kept.Take(HistoryRetention.Newest).ShouldBe(all.Take(HistoryRetention.Newest));
            kept.Count.ShouldBeLessThanOrEqualTo(HistoryRetention.Most);
            kept.ShouldBe(kept.OrderByDescending(snapshot => snapshot.Seq));
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void WhateverTheRuleThinningAsItGrowsKeepsWhatThinningAtOnceDoes(int allOfDays, int? dropAfterDays)
    {
        var rule = new RetentionRule(allOfDays, dropAfterDays);
        for (int seed = 0; seed < 5; seed++)
        {
            var all = Clock(new Random(seed), 1500, isWild: false);
            IReadOnlyList<SnapshotTime> grown = [];
            foreach (var snapshot in all.AsEnumerable().Reverse()) grown = HistoryRetention.Keep([snapshot, .. grown], rule);
            grown.ShouldBe(HistoryRetention.Keep(all, rule));
        }
    }

    [Fact]
    public void AllOfTheLastDaysStayUpToAShareOfTheIndex()
    {
        // One every half hour: 48 a day, and the newest is in the middle of its day.
        var all = Enumerable.Range(0, 1000).Select(i => new SnapshotTime(1000 - i, (long)(24_000.5 * 24 * Hour) - (i * (Hour / 2)))).ToList();
        HistoryRetention.Keep(all, new RetentionRule(2, null)).Take(73).ShouldBe(all.Take(73));
        HistoryRetention.Keep(all, new RetentionRule(30, null)).Take(96).ShouldBe(all.Take(96));
        HistoryRetention.Keep(all, new RetentionRule(30, null))[97].ShouldNotBe(all[97]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void ARuleSaysHowManyOfTheNewestAlwaysStay(int newest)
    {
        var yearly = Enumerable.Range(0, 60).Select(i => new SnapshotTime(60 - i, 500_000 * Hour - (i * 365L * 24 * Hour))).ToList();
        var rule = new RetentionRule(0, 30) { Newest = newest };
        var kept = HistoryRetention.Keep(yearly, rule);
        kept.ShouldBe(yearly.Take(newest));
        HistoryRetention.Keep(kept, rule).ShouldBe(kept);
        Should.Throw<ArgumentOutOfRangeException>(() => new RetentionRule(0, null) { Newest = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new RetentionRule(0, null) { Newest = HistoryRetention.Most + 1 });
    }

    [Fact]
    public void WhatIsTooOldGoesButForTheNewest()
    {
        var yearly = Enumerable.Range(0, 30).Select(i => new SnapshotTime(30 - i, 500_000 * Hour - (i * 365L * 24 * Hour))).ToList();
        HistoryRetention.Keep(yearly, new RetentionRule(0, 30)).ShouldBe(yearly.Take(16));
        HistoryRetention.Keep(yearly, RetentionRule.Default).ShouldBe(yearly);
        var daily = Enumerable.Range(0, 90).Select(i => new SnapshotTime(90 - i, 500_000 * Hour - (i * 24L * Hour))).ToList();
        HistoryRetention.Keep(daily, new RetentionRule(0, 20)).ShouldBe(daily.Take(8 + 21), "days are counted from the middle one of the newest 16");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void AClockThatIsWrongForAFewSnapshotsLetsNothingGo(int allOfDays, int? dropAfterDays)
    {
        var rule = new RetentionRule(allOfDays, dropAfterDays);
        foreach (int years in (int[])[-50, -2, 2, 50])
        {
            foreach (int wrong in (int[])[1, 7])
            {
                var right = Clock(new Random(years), 500, isWild: false);
                var kept = HistoryRetention.Keep(right, rule);
                long now = right[0].TimeMs;
                IReadOnlyList<SnapshotTime> grown = kept;
                for (int i = 0; i < wrong; i++) grown = HistoryRetention.Keep([new SnapshotTime(501 + i, now + (years * 365L * 24 * Hour)), .. grown], rule);
                IReadOnlyList<SnapshotTime> always = kept;
                for (int i = 0; i < wrong; i++) always = HistoryRetention.Keep([new SnapshotTime(501 + i, now), .. always], rule);
                always.Skip(wrong).ShouldBeSubsetOf(grown, $"{years} years, {wrong} of them");
                if (years > 0) grown.Skip(wrong).ShouldBe(always.Skip(wrong), "a clock that was ahead changes nothing at all");
            }
        }
    }

    [Fact]
    public void RulesHaveLimits()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new RetentionRule(-1, null));
        Should.Throw<ArgumentOutOfRangeException>(() => new RetentionRule(0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new RetentionRule(RetentionRule.MostDays + 1, null));
    }

    private static List<SnapshotTime> Clock(Random random, int count, bool isWild)
    {
        var all = new List<SnapshotTime>();
        long time = 1_700_000_000_000;
        long pace = random.NextInt64(1, 20 * Hour);
        for (int seq = 1; seq <= count; seq++)
        {
            time += random.NextInt64(pace) - (isWild ? pace / 3 : 0);
            all.Insert(0, new SnapshotTime(seq, time));
        }
        return all;
    }
}
