using MagicFolder.Model.Paths;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class LookAgainPaceTests
{
    private static readonly HashSet<RelativePath> A = [RelativePath.Parse("a")];
    private static readonly HashSet<RelativePath> B = [RelativePath.Parse("a"), RelativePath.Parse("b")];
    private readonly LookAgainPace _pace = new(TimeSpan.FromSeconds(2));

    [Fact]
    public void WhereNothingIsLeftTheNextPollIsSoonEnough() => Next([]).ShouldBe(2000);

    [Fact]
    public void WhatDoesNotSettleIsLookedAtEverMoreRarely()
    {
        int[] delays = [.. Enumerable.Range(0, 8).Select(_ => Next(A))];
        delays.ShouldBe([40, 80, 160, 320, 640, 1280, 2000, 2000]);
    }

    [Fact]
    public void SomethingElseOrSomethingDoneBeginsAnew()
    {
        Next(A);
        Next(A).ShouldBe(80);
        Next(B).ShouldBe(40);
        Next(B, didSomething: true).ShouldBe(40);
        Next(B).ShouldBe(80);
        Next([]).ShouldBe(2000);
        Next(B).ShouldBe(40);
    }

    private int Next(HashSet<RelativePath> paths, bool didSomething = false) => (int)_pace.Next(paths, didSomething).TotalMilliseconds;
}
