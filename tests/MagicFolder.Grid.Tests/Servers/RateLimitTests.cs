using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;

namespace MagicFolder.Grid.Tests.Servers;

public sealed class RateLimitTests
{
    private readonly TestTime _time = new();

    [Fact]
    public async Task TheFirstSecondGoesAtOnceAndTheRestInItsTime()
    {
        var limit = new RateLimit(1000, _time);
        await limit.TakeAsync(1000, Cancel);
        Seconds.ShouldBe(0);
        await limit.TakeAsync(500, Cancel);
        Seconds.ShouldBe(0.5, 0.01);
        for (int i = 0; i < 100; i++) await limit.TakeAsync(100, Cancel);
        Seconds.ShouldBe(10.5, 0.02);
    }

    [Fact]
    public async Task APauseSavesOneSecondAndNoMore()
    {
        var limit = new RateLimit(1000, _time);
        await limit.TakeAsync(1000, Cancel);
        _time.Pass(TimeSpan.FromHours(1));
        await limit.TakeAsync(1000, Cancel);
        Seconds.ShouldBe(3600, 0.01);
        await limit.TakeAsync(1000, Cancel);
        Seconds.ShouldBe(3601, 0.01);
    }

    [Fact]
    public async Task MoreThanASecondAllowsTakesItsTime()
    {
        var limit = new RateLimit(1000, _time);
        await limit.TakeAsync(5000, Cancel);
        Seconds.ShouldBe(4, 0.01);
        await limit.TakeAsync(0, Cancel);
        Seconds.ShouldBe(4, 0.01);
    }

    [Fact]
    public async Task WaitingCanBeStopped()
    {
        var limit = new RateLimit(1, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var waits = limit.TakeAsync(1_000_000, stop.Token).AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void NothingIsNoLimit(long bytesPerSecond) => Should.Throw<ArgumentOutOfRangeException>(() => new RateLimit(bytesPerSecond, _time));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private double Seconds => _time.Elapsed.TotalSeconds;
}
