using MagicFolder.Model.Planning;

namespace MagicFolder.Model.Tests.Planning;

public sealed class DeletionGuardTests
{
    [Theory]
    [InlineData(0, 1000, false)]
    [InlineData(49, 60, false)]
    [InlineData(50, 200, true)]
    [InlineData(50, 201, false)]
    [InlineData(9, 9, false)]
    [InlineData(10, 10, true)]
    [InlineData(9, 10, false)]
    [InlineData(25_000, 50_000, true)]
    public void HoldsAQuarterOfManyAndAllOfSome(long vanished, long total, bool held) => DeletionGuard.Holds(vanished, total).ShouldBe(held);

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(40, 0, 0, 0)]
    [InlineData(110, 100, 0, 0)]
    [InlineData(110, 100, 100, 110)]
    [InlineData(110, 100, 50, 55)]
    [InlineData(11, 10, 1, 2)]
    public void OnlyWhatIsNowhereElseIsLost(long going, long withContent, long lost, long counted) =>
        DeletionGuard.Lost(going, withContent, lost).ShouldBe(counted);
}
