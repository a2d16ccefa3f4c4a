using MagicFolder.Model.Snapshots;

namespace MagicFolder.Model.Tests.Snapshots;

public sealed class UnixTimeTests
{
    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000Z")]
    [InlineData(1_700_000_000_250, "2023-11-14T22:13:20.250Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59.999Z")]
    [InlineData(long.MinValue, "0001-01-01T00:00:00.000Z")]
    public void ATimeIsToldToTheMillisecond(long unixMs, string iso) => UnixTime.ToIso(unixMs).ShouldBe(iso);
}
