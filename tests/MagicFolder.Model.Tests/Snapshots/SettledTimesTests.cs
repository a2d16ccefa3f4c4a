using MagicFolder.Model.Snapshots;

namespace MagicFolder.Model.Tests.Snapshots;

public sealed class SettledTimesTests
{
    private const long Hour = 3_600_000;

    /// <summary>In hours and newest first, both what was said and what becomes of it; null for what nothing tells.</summary>
    public static TheoryData<string, long[], long?[]> Cases => new()
    {
        { "none", [], [] },
        { "one", [-7], [-7] },
        { "in order", [300, 200, 200, 100], [300, 200, 200, 100] },
        { "a little behind: as early as can be", [300, 295, 299, 200], [300, 299, 299, 200] },
        { "far behind: as late as can be", [300, -200_000, 200, 100], [300, 300, 200, 100] },
        { "far ahead: as late as can be", [310, 300, 2_000_000, 200, 100], [310, 300, 300, 200, 100] },
        { "a little ahead: the same", [300, 299, 301, 200, 100], [300, 299, 299, 200, 100] },
        { "ahead, as far as one knows that came after it: that one is wrong until there are more", [300, 2_000_000, 200, 100], [null, 2_000_000, 200, 100] },
        { "the newest is far behind", [-200_000, 200, 100], [null, 200, 100] },
        { "the newest is a little behind", [199, 200, 100], [200, 200, 100] },
        { "the newest is ahead: nobody knows it yet", [2_000_000, 200, 100], [2_000_000, 200, 100] },
        { "the oldest is ahead", [300, 200, 2_000_000], [300, 200, 200] },
        { "the oldest is behind: nobody knows it", [300, 200, -200_000], [300, 200, -200_000] },
        { "one against one: the one behind is wrong", [100, 500], [null, 500] },
        { "two after one another", [300, -100_000, -200_000, 200, 100, 50], [300, 300, 300, 200, 100, 50] },
        { "one ahead and one behind", [400, -200_000, 300, 2_000_000, 200], [400, 400, 300, 300, 200] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ATimeThatGoesBackIsWhatItCanBe(string why, long[] said, long?[] settled) =>
        SettledTimes.Of([.. said.Select(hour => hour * Hour)]).ShouldBe(settled.Select(hour => hour * Hour ?? long.MaxValue), why);

    [Fact]
    public void WhateverTheClockSaidTimesNeverRiseTowardsTheOldAndSettlingThemAgainChangesNothing()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            long[] said = [.. Enumerable.Range(0, random.Next(40)).Select(_ => seed % 2 == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(20) * Hour)];
            var settled = SettledTimes.Of(said);
            settled.ShouldBeInOrder(SortDirection.Descending, $"seed {seed}");
            SettledTimes.Of(settled).ShouldBe(settled, $"seed {seed}");
        }
    }

    [Fact]
    public void NoMoreTimesAreChangedThanWereWrong()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            long[] right = [.. Enumerable.Range(0, 50).Select(i => (1000 - i) * 100 * Hour)];
            long[] said = [.. right];
            int wrong = random.Next(1, 20);
            for (int i = 0; i < wrong; i++) said[random.Next(said.Length)] = random.Next(2) == 0 ? random.Next(-1000, 1000) * 1000 * Hour : random.NextInt64(long.MinValue, long.MaxValue);
            SettledTimes.Of(said).Zip(said).Count(time => time.First != time.Second).ShouldBeLessThanOrEqualTo(wrong, $"seed {seed}");
        }
    }
}
