using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Tests.Servers;

public sealed partial class DirectoryShareServerTests
{
    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    public async Task OnlyWhatIsNeitherReferencedNorLeasedIsFreed(bool referenced, bool leased, bool freed)
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        _grid.Time.Now += leased ? TimeSpan.FromDays(30) : TimeSpan.FromDays(32);

        var report = await new GarbageCollector(server).CollectAsync(_ => referenced, default);
        report.ShouldBe(freed ? new GarbageReport(1, 184, 0, 0) : new GarbageReport(0, 0, 1, 0));
        (await server.ListSharesAsync(Index(1), default)).Count.ShouldBe(freed ? 0 : 1);
    }

    [Fact]
    public async Task ALeaseAddedAfterTheMarkingKeepsTheShare()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        _grid.Time.Now += TimeSpan.FromDays(32);
        await new GarbageCollector(server).CollectAsync(
            index =>
            {
                server.AddOrRenewLeaseAsync(index, Lease(2), default).GetAwaiter().GetResult();
                return false;
            },
            default);
        (await server.ListSharesAsync(Index(1), default)).ShouldBe([0]);
    }

    [Fact]
    public async Task MutableSharesAreNeverFreed()
    {
        var server = await _grid.CreateAsync();
        await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray());
        _grid.Time.Now += TimeSpan.FromDays(400);
        (await new GarbageCollector(server).CollectAsync(_ => false, default)).ShouldBe(new GarbageReport(0, 0, 1, 0));
    }
}
