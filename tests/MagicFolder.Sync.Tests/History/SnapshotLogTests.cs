using MagicFolder.Sync.History;
using static MagicFolder.Sync.Tests.History.Story;

namespace MagicFolder.Sync.Tests.History;

public sealed class SnapshotLogTests
{
    private const long Day = 24 * 60 * 60 * 1000;

    private static readonly LoggedSnapshot Alice1 = Snapshot("alice", 1, 1000, []);
    private static readonly LoggedSnapshot Alice2 = Snapshot("alice", 2, 5000, []);
    private static readonly LoggedSnapshot Alice3 = Snapshot("alice", 3, 3000, []);
    private static readonly LoggedSnapshot Bob1 = Snapshot("bob", 1, 4000, []);

    private static readonly SnapshotLog Log = new(SnapshotLog.Merge([[Alice3, Alice2, Alice1], [Bob1]]), []);

    [Fact]
    public void HistoriesAreMergedByTimeAndNeverReordered() => Log.Snapshots.ShouldBe([Alice3, Alice2, Bob1, Alice1]);

    [Fact]
    public void AnyUniqueBeginningOfAnIdNamesTheVersion()
    {
        Log.Find(Alice2.Version).ShouldBe(Alice2);
        Log.Find(Alice2.ShownVersion).ShouldBe(Alice2);
        Log.Find(Alice2.Version[..6].ToUpperInvariant()).ShouldBe(Alice2);
    }

    [Fact]
    public void WhatNamesNoVersionIsRefused()
    {
        Should.Throw<RefusedException>(() => Log.Find("0123456789abcdef0123")).Message.ShouldContain("no version");
        foreach (string wrong in new[] { "", "abc", "yesterday", "xyz12345" })
            Should.Throw<RefusedException>(() => Log.Find(wrong)).Message.ShouldContain("history");
    }

    [Fact]
    public void AnAmbiguousBeginningIsRefusedWithThePossibilities()
    {
        var twice = new SnapshotLog([Alice1, Alice1], []);
        Should.Throw<RefusedException>(() => twice.Find(Alice1.ShownVersion)).Message.ShouldContain("Several");
    }

    [Fact]
    public void ATimeMeansTheNewestOwnSnapshotUntilThen()
    {
        Log.At("alice", 5000).ShouldBe(Alice3, "it was made after the second, whatever the clock said");
        Log.At("alice", 4999).ShouldBe(Alice1);
        Log.At("bob", long.MaxValue).ShouldBe(Bob1);
        Should.Throw<RefusedException>(() => Log.At("bob", 3999)).Message.ShouldContain(Bob1.ShownVersion);
        Should.Throw<RefusedException>(() => Log.At("carol", 3999));
    }

    [Theory]
    [InlineData(2, "2, made when the clock stood in 2000, is of day 5 or 6; 1 is surely older")]
    [InlineData(3, "3, made when the clock stood in 2199, is of day 6 or 7; 2 is surely older")]
    public void ATimeWithinWhichTheClockWasWrongMeansWhatIsSurelyOlder(int wrong, string because)
    {
        long[] days = [5, 6, 6, 7, 8];
        days[wrong - 1] = wrong == 2 ? -9000 : 63_000;
        var log = new SnapshotLog(SnapshotLog.Merge([[.. days.Select((day, i) => Snapshot("alice", i + 1, day * Day, [])).Reverse()]]), []);
        log.At("alice", days[wrong] * Day - 1).Seq.ShouldBe(wrong - 1, because);
        log.At("alice", days[wrong] * Day).Seq.ShouldBe(wrong + 1);
        log.At("alice", 5 * Day).Seq.ShouldBe(1);
        log.At("alice", 8 * Day).Seq.ShouldBe(5);
    }

    [Fact]
    public void TheClocksOfOthersDoNotDecideWhatATimeMeans()
    {
        var first = Snapshot("alice", 1, 5 * Day, []);
        var ahead = Snapshot("bob", 1, 63_000 * Day, [("alice", 1)]);
        var second = Snapshot("alice", 2, 6 * Day, [("bob", 1)]);
        var log = new SnapshotLog(SnapshotLog.Merge([[second, first], [ahead]]), []);
        log.Snapshots.ShouldBe([second, ahead, first]);
        log.At("alice", 6 * Day).ShouldBe(second);
    }
}
