using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Tests.Spread;

/// <summary>An object goes from all servers, or stays on all.</summary>
public sealed class ReclaimingTests : IAsyncLifetime
{
    private SpreadGrid? _directories;

    private SpreadGrid Directories => _directories!;

    public async ValueTask InitializeAsync() => _directories = await SpreadGrid.CreateAsync(5, new GridEncoding(2, 3, 5));

    public ValueTask DisposeAsync()
    {
        _directories!.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WhatOnlyItsOwnerLeasesGoesFromEveryServer()
    {
        var mine = Directories.Client(1);
        var cap = await PutAsync(mine);
        long size = Directories.AllShares.Sum(share => new FileInfo(share).Length);

        (await mine.ReclaimAsync(cap.StorageIndex, pretend: true, default)).ShouldBe(new Reclaimed(ReclaimOutcome.Deleted, size));
        Directories.AllShares.Count().ShouldBe(5);
        (await mine.ReclaimAsync(cap.StorageIndex, pretend: false, default)).ShouldBe(new Reclaimed(ReclaimOutcome.Deleted, size));
        Directories.AllShares.ShouldBeEmpty();
        (await mine.ReclaimAsync(cap.StorageIndex, pretend: false, default)).ShouldBe(new Reclaimed(ReclaimOutcome.NotFound, 0));
    }

    [Fact]
    public async Task ALeaseOnOneShareKeepsAllAndTheLastOwnerFrees()
    {
        var (mine, other) = (Directories.Client(1), Directories.Client(2));
        var cap = await PutAsync(mine);
        // The other one could reach a single server only.
        var server = await DirectoryShareServer.OpenAsync(Directories.At(3), Directories.Time, Directories.Random, default);
        await server.AddOrRenewLeaseAsync(cap.StorageIndex, Tahoe.Hashing.LeaseSecrets.Derive(Enumerable.Repeat((byte)2, 32).ToArray(), cap.StorageIndex, server.Identity.NodeId), default);

        (await mine.ReclaimAsync(cap.StorageIndex, pretend: true, default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
        (await other.ReclaimAsync(cap.StorageIndex, pretend: true, default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
        (await mine.ReclaimAsync(cap.StorageIndex, pretend: false, default)).Outcome.ShouldBe(ReclaimOutcome.Leased);
        Directories.AllShares.Count().ShouldBe(5);
        (await other.ReclaimAsync(cap.StorageIndex, pretend: false, default)).Outcome.ShouldBe(ReclaimOutcome.Deleted, "nobody else has a lease any more");
        Directories.AllShares.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhileAServerIsAwayNothingIsFreed()
    {
        var mine = Directories.Client(1);
        var cap = await PutAsync(mine);
        Directories.Lose(2);
        var later = Directories.Client(1);
        await Should.ThrowAsync<GridException>(() => later.RequireEveryServerAsync(default));
        await Should.ThrowAsync<GridException>(() => later.ReclaimAsync(cap.StorageIndex, pretend: false, default));
        Directories.BringBack(2);
        Directories.AllShares.Count().ShouldBe(5);
    }

    [Fact]
    public async Task AServerThatGoesAwayJustThenIsNotLeftOutSilently()
    {
        var cap = await PutAsync(Directories.Client(1));
        foreach (var act in new Func<TahoeGrid, Task>[] { grid => grid.EndLeaseAsync(cap.StorageIndex, default), grid => grid.ReclaimAsync(cap.StorageIndex, pretend: false, default) })
        {
            Directories.Opened = directory =>
            {
                if (directory == 2)
                {
                    Directories.Lose(2);
                }
            };
            (await Should.ThrowAsync<GridException>(() => act(Directories.Client(1)))).Message.ShouldContain("a server went away just now");
            Directories.Opened = null;
            Directories.BringBack(2);
            Directories.AllShares.Count().ShouldBe(5);
        }
    }

    private static async Task<ChkCap> PutAsync(TahoeGrid grid)
    {
        using var content = new MemoryStream(new byte[10_000]);
        return (ChkCap)await grid.PutImmutableAsync(content, content.Length, new EncryptionKeyChoice.FromContent(new byte[32]), default);
    }
}
