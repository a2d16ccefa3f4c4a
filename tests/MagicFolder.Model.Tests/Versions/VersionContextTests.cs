using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Versions;

public sealed class VersionContextTests
{
    [Fact]
    public void AContextCoversAllUpToWhatWasSeen()
    {
        var context = VersionContext.Empty.With(Some.Actor(1), 5).With(Some.Actor(1), 3);
        context.Covers(Some.Dot(1, 5)).ShouldBeTrue();
        context.Covers(Some.Dot(1, 6)).ShouldBeFalse();
        context.Covers(Some.Dot(2, 1)).ShouldBeFalse();
    }

    [Fact]
    public void MergingTakesTheMaximumOfEach()
    {
        var x = VersionContext.Empty.With(Some.Actor(1), 5).With(Some.Actor(2), 1);
        var y = VersionContext.Empty.With(Some.Actor(2), 3).With(Some.Actor(3), 2);
        x.Merge(y).ShouldBe(y.Merge(x));
        x.Merge(y).Seen.ShouldBe(new Dictionary<ActorId, long> { [Some.Actor(1)] = 5, [Some.Actor(2)] = 3, [Some.Actor(3)] = 2 });
        x.Merge(VersionContext.Empty).ShouldBe(x);
    }

    [Fact]
    public void DotsAreOrderedBySeqThenActor()
    {
        new[] { Some.Dot(1, 2), Some.Dot(2, 1), Some.Dot(1, 1) }.Order().ShouldBe([Some.Dot(1, 1), Some.Dot(2, 1), Some.Dot(1, 2)]);
    }
}
