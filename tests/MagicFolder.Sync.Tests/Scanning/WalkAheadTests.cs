using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Tests.Scanning;

public sealed class WalkAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(20_000)]
    public void ItIsTheSameWalk(int count) => WalkAhead.Of(Walk(count)).Select(NumberOf).ShouldBe(Enumerable.Range(0, count));

    [Fact]
    public void WhatGoesWrongInTheWalkGoesWrongAfterWhatCameBefore()
    {
        var seen = new List<int>();
        Should.Throw<DiskException>(() =>
        {
            foreach (var item in WalkAhead.Of(Walk(600).Concat(Fail()))) seen.Add(NumberOf(item));
        }).Fault.ShouldBe(DiskFault.Io);
        seen.ShouldBe(Enumerable.Range(0, 600));
    }

    [Fact]
    public void WhoDoesNotWantTheRestEndsTheWalk()
    {
        int walked = 0;
        foreach (var item in WalkAhead.Of(Walk(int.MaxValue, () => walked++)))
            if (NumberOf(item) == 10) break;
        // Nobody walks on once the loop has been left.
        int then = walked;
        then.ShouldBeLessThan(1_000_000);
        Thread.Sleep(50);
        walked.ShouldBe(then);
    }

    private static IEnumerable<ScanItem> Walk(int count, Action? step = null)
    {
        for (int i = 0; i < count; i++)
        {
            step?.Invoke();
            yield return new ScanItem.Seen(RelativePath.Parse("f"), new DiskStat(DiskKind.File, i, 0, 0, 0, 0, 0, 0));
        }
    }

    private static IEnumerable<ScanItem> Fail()
    {
        if (Environment.ProcessorCount > 0) throw new DiskException(DiskFault.Io, RelativePath.Root, "simulated");
        yield break;
    }

    private static int NumberOf(ScanItem item) => (int)((ScanItem.Seen)item).Stat.Size;
}
