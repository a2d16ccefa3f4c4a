using MagicFolder.Grid.Servers;

namespace MagicFolder.Grid.Tests.Servers;

public sealed partial class DirectoryShareServerTests
{
    [Theory]
    [InlineData(30, null, ReclaimOutcome.Leased)]
    [InlineData(30, 1, ReclaimOutcome.Deleted)]
    [InlineData(30, 2, ReclaimOutcome.Leased)]
    [InlineData(32, null, ReclaimOutcome.Deleted)]
    public async Task OnlyLeasesOfOthersKeepAShare(int days, int? own, ReclaimOutcome expected)
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        _grid.Time.Now += TimeSpan.FromDays(days);

        var looked = await server.LookUnleasedAsync(Index(1), own is { } a ? Lease((byte)a) : null, default);
        (await server.ListSharesAsync(Index(1), default)).ShouldBe([0], "looking changes nothing");
        var deleted = await server.DeleteUnleasedAsync(Index(1), own is { } b ? Lease((byte)b) : null, default);

        deleted.ShouldBe(new Reclaimed(expected, expected == ReclaimOutcome.Deleted ? 184 : 0));
        looked.ShouldBe(deleted);
        (await server.ListSharesAsync(Index(1), default)).Count.ShouldBe(expected == ReclaimOutcome.Deleted ? 0 : 1);
    }

    [Fact]
    public async Task ALeaseThatSomebodyHasAddedKeepsTheShare()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        await server.AddOrRenewLeaseAsync(Index(1), Lease(2), default);
        (await server.DeleteUnleasedAsync(Index(1), Lease(1), default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
        (await server.ListSharesAsync(Index(1), default)).ShouldBe([0]);
    }

    /// <summary>He died while he appended it, or the disk was full: of its record some bytes are there, and it was not counted.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(72)]
    public async Task ALeaseThatWasNotCountedDropsNobodyElses(int bytes)
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        var path = _grid.ShareFiles.Single();
        var before = await File.ReadAllBytesAsync(path);
        await server.AddOrRenewLeaseAsync(Index(1), Lease(2), default);
        var after = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, [.. before, .. after.AsSpan(before.Length, bytes)]);

        (await server.LookUnleasedAsync(Index(1), Lease(2), default)).Outcome.ShouldBe(ReclaimOutcome.Leased, "the first is there");
        await server.AddOrRenewLeaseAsync(Index(1), Lease(2), default);
        (await File.ReadAllBytesAsync(path)).ShouldBe(after);
        await server.AddOrRenewLeaseAsync(Index(1), Lease(3), default);
        await server.EndLeaseAsync(Index(1), Lease(3), default);
        (await server.DeleteUnleasedAsync(Index(1), Lease(2), default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
        (await server.DeleteUnleasedAsync(Index(1), Lease(1), default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
        (await ReadAsync(server, Index(1))).ShouldBe(new byte[100]);
    }

    [Fact]
    public async Task AnEndedLeaseKeepsNothingAndCanBeRenewed()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        await server.EndLeaseAsync(Index(1), Lease(2), default);
        (await server.LookUnleasedAsync(Index(1), null, default)).Outcome.ShouldBe(ReclaimOutcome.Leased, "somebody else's lease is not ended");
        await server.EndLeaseAsync(Index(1), Lease(1), default);
        (await server.LookUnleasedAsync(Index(1), null, default)).Outcome.ShouldBe(ReclaimOutcome.Deleted);
        await server.AddOrRenewLeaseAsync(Index(1), Lease(1), default);
        (await server.LookUnleasedAsync(Index(1), null, default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
    }

    [Fact]
    public async Task MutableSharesAreNeverFreed()
    {
        var server = await _grid.CreateAsync();
        await WriteMutableAsync(server, Index(1), [], "one"u8.ToArray());
        _grid.Time.Now += TimeSpan.FromDays(400);
        await server.EndLeaseAsync(Index(1), Lease(1), default);
        (await server.DeleteUnleasedAsync(Index(1), Lease(1), default)).ShouldBe(new Reclaimed(ReclaimOutcome.Mutable, 0));
        (await ReadAsync(server, Index(1))).ShouldBe("one"u8.ToArray());
    }
}
