using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Publishing;

namespace MagicFolder.Sync.Tests.Publishing;

public sealed class RetainedIndexTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void TheNewestComesFirst()
    {
        var index = Publish(3, _ => 1000);

        index.Select(snapshot => snapshot.Seq).ShouldBe([3, 2, 1]);
    }

    [Fact]
    public void EachKeepsItsOwnIdAndPlace()
    {
        foreach (var snapshot in Publish(60, seq => seq * Day / 3)) snapshot.ShouldBe(Snapshot(snapshot.Seq, snapshot.Seq * Day / 3));
    }

    [Fact]
    public void ANewActorGoesOnFromTheHistoryOfTheOneBefore()
    {
        var former = Publish(5, _ => 1000);

        var index = RetainedIndex.Add(Snapshot(1, 2000), former, RetentionRule.Default);

        index.Select(snapshot => snapshot.Seq).ShouldBe([1, 5, 4, 3, 2, 1]);
        index[0].TimeMs.ShouldBe(2000);
        index[^1].TimeMs.ShouldBe(1000);
    }

    [Fact]
    public void TwoOfOneNumberAndTimeAreBothKeptWithTheirOwnIds()
    {
        var former = Snapshot(1, 1000) with { Id = BlobId.Of("former"u8) };

        RetainedIndex.Add(Snapshot(1, 1000), [former], RetentionRule.Default).ShouldBe([Snapshot(1, 1000), former]);
    }

    [Fact]
    public void OldOnesAreThinnedAndTheRecentAreAllThere()
    {
        var index = Publish(1000, seq => seq * Day / 24);

        index.Length.ShouldBeLessThan(100);
        index.Take(HistoryRetention.Newest).Select(snapshot => snapshot.Seq).ShouldBe(Enumerable.Range(0, HistoryRetention.Newest).Select(i => 1000L - i));
        index.Select(snapshot => snapshot.Seq).ShouldBe(index.Select(snapshot => snapshot.Seq).OrderDescending());
    }

    [Fact]
    public void AClockThatGoesBackwardsLosesNoneOfTheRecent() =>
        Publish(12, seq => (100 - seq) * Day).Select(snapshot => snapshot.Seq).ShouldBe([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);

    private static ImmutableArray<RetainedSnapshot> Publish(int count, Func<long, long> timeOf)
    {
        ImmutableArray<RetainedSnapshot> index = [];
        for (long seq = 1; seq <= count; seq++) index = RetainedIndex.Add(Snapshot(seq, timeOf(seq)), index, RetentionRule.Default);
        return index;
    }

    private static RetainedSnapshot Snapshot(long seq, long timeMs) =>
        new(BlobId.Of(BitConverter.GetBytes(seq)), seq, timeMs, BlobId.Of(BitConverter.GetBytes(-seq)), new BlobLocation(new PackRef($"URI:CHK:{seq}"), seq, 1, 1, BlobEncoding.Plain));
}
