using MagicFolder.Sync.History;
using static MagicFolder.Sync.Tests.History.Story;

namespace MagicFolder.Sync.Tests.History;

public sealed class SnapshotLogTests
{
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
        Log.At("alice", 3000).ShouldBe(Alice3);
        Log.At("alice", 2999).ShouldBe(Alice1);
        Log.At("bob", long.MaxValue).ShouldBe(Bob1);
        Should.Throw<RefusedException>(() => Log.At("bob", 3999)).Message.ShouldContain(Bob1.ShownVersion);
        Should.Throw<RefusedException>(() => Log.At("carol", 3999));
    }
}
