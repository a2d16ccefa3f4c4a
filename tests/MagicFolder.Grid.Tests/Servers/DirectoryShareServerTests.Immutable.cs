using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Tests.Servers;

public sealed partial class DirectoryShareServerTests
{
    [Fact]
    public async Task AShareLiesWhereARealServerHasItAndInItsContainer()
    {
        var server = await _grid.CreateAsync();
        (await PutAsync(server, Index(1), "share data"u8.ToArray())).ShouldBeTrue();

        var name = Index(1).ToString();
        var path = Path.Combine(_grid.Root, "shares", name[..2], name, "0");
        _grid.ShareFiles.ShouldBe([path]);
        var file = await File.ReadAllBytesAsync(path);
        file.Length.ShouldBe(12 + 10 + 72);
        file.AsSpan(0, 12).ToArray().ShouldBe(new byte[] { 0, 0, 0, 2, 0, 0, 0, 10, 0, 0, 0, 1 });
        file.AsSpan(12, 10).ToArray().ShouldBe("share data"u8.ToArray());
        var lease = Tahoe.Shares.Lease.ParseImmutable(file.AsSpan(22));
        lease.BelongsTo(ContainerVersion.V2, Lease(1)).ShouldBeTrue();
        lease.BelongsTo(ContainerVersion.V2, Lease(2)).ShouldBeFalse();
        lease.Expiration.ShouldBe((uint)_grid.Time.Now.AddDays(31).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task AnUnfinishedUploadIsNoShareAndLeavesNothing()
    {
        var server = await _grid.CreateAsync();
        await using (var upload = await server.BeginUploadAsync(Index(1), 0, 10, Lease(1), default))
        {
            await upload!.WriteAsync(new byte[9], default);
            (await server.ListSharesAsync(Index(1), default)).ShouldBeEmpty();
            await Should.ThrowAsync<InvalidOperationException>(() => upload.FinishAsync(default));
            Should.Throw<InvalidOperationException>(() => upload.WriteAsync(new byte[2], default).AsTask().GetAwaiter().GetResult());
        }

        _grid.ShareFiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASecondUploadFindsTheShareAndAddsItsLease()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[50]);
        (await PutAsync(server, Index(1), new byte[50], client: 2)).ShouldBeFalse();

        var file = await File.ReadAllBytesAsync(_grid.ShareFiles.Single());
        ImmutableContainerHeader.Parse(file).LeaseCount.ShouldBe(2u);
        Tahoe.Shares.Lease.ParseImmutable(file.AsSpan(12 + 50 + 72)).BelongsTo(ContainerVersion.V2, Lease(2)).ShouldBeTrue();
        (await ReadAsync(server, Index(1))).ShouldBe(new byte[50]);
    }

    [Fact]
    public async Task OfTwoUploadsAtOnceTheFirstToFinishStaysAndBothHaveALease()
    {
        var one = await _grid.CreateAsync();
        var other = await _grid.OpenAsync();
        await using var first = await one.BeginUploadAsync(Index(1), 0, 5, Lease(1), default);
        await using var second = await other.BeginUploadAsync(Index(1), 0, 5, Lease(2), default);
        await first!.WriteAsync("first"u8.ToArray(), default);
        await second!.WriteAsync("secon"u8.ToArray(), default);
        (await second.FinishAsync(default)).ShouldBeTrue();
        (await first.FinishAsync(default)).ShouldBeFalse();

        (await ReadAsync(one, Index(1))).ShouldBe("secon"u8.ToArray());
        ImmutableContainerHeader.Parse(await File.ReadAllBytesAsync(_grid.ShareFiles.Single())).LeaseCount.ShouldBe(2u);
    }

    [Fact]
    public async Task ARenewalRewritesOneLeaseAndNeverTheData()
    {
        var server = await _grid.CreateAsync();
        var data = _grid.Random.Bytes(1000);
        await PutAsync(server, Index(1), data);
        _grid.Time.Now += TimeSpan.FromDays(10);
        (await server.AddOrRenewLeaseAsync(Index(1), Lease(1), default)).ShouldBeTrue();

        var file = await File.ReadAllBytesAsync(_grid.ShareFiles.Single());
        file.Length.ShouldBe(12 + 1000 + 72);
        Tahoe.Shares.Lease.ParseImmutable(file.AsSpan(1012)).Expiration.ShouldBe((uint)_grid.Time.Now.AddDays(31).ToUnixTimeSeconds());
        (await ReadAsync(server, Index(1))).ShouldBe(data);
    }

    [Fact]
    public async Task ALeaseOnNothingIsRefused()
    {
        var server = await _grid.CreateAsync();
        (await server.AddOrRenewLeaseAsync(Index(9), Lease(1), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Version1SharesKeepTheirLeasesInClear()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), "data"u8.ToArray());
        var path = _grid.ShareFiles.Single();
        var file = await File.ReadAllBytesAsync(path);
        file[3] = 1;
        Lease(1).Renew.CopyTo(file.AsSpan(12 + 4 + 4));
        await File.WriteAllBytesAsync(path, file);

        _grid.Time.Now += TimeSpan.FromDays(1);
        await server.AddOrRenewLeaseAsync(Index(1), Lease(1), default);
        await server.AddOrRenewLeaseAsync(Index(1), Lease(2), default);
        file = await File.ReadAllBytesAsync(path);
        ImmutableContainerHeader.Parse(file).ShouldBe(new ImmutableContainerHeader(ContainerVersion.V1, 2, 4));
        file.AsSpan(12 + 4 + 72 + 4, 32).ToArray().ShouldBe(Lease(2).Renew.ToArray());
        (await ReadAsync(server, Index(1))).ShouldBe("data"u8.ToArray());
    }

    [Fact]
    public async Task ALeaseThatAPowerLossLeftUncountedDoesNotHurtTheData()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), "data"u8.ToArray());
        await using (var torn = File.OpenWrite(_grid.ShareFiles.Single()))
        {
            torn.Seek(0, SeekOrigin.End);
            torn.Write(new byte[50]);
        }

        // Only the first lease is found by its position now, so this appends.
        (await server.AddOrRenewLeaseAsync(Index(1), Lease(2), default)).ShouldBeTrue();
        (await ReadAsync(server, Index(1))).AsSpan(0, 4).ToArray().ShouldBe("data"u8.ToArray());
    }

    [Fact]
    public async Task DamagedContainersAreNamedAndNothingElse()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        var path = _grid.ShareFiles.Single();
        foreach (var bytes in (byte[][])[[], [0, 0, 0, 2], [0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]])
        {
            await File.WriteAllBytesAsync(path, bytes);
            var failure = await Should.ThrowAsync<GridException>(() => server.OpenShareAsync(Index(1), 0, default));
            failure.Failure.ShouldBe(GridFailure.Damaged);
            failure.Message.ShouldContain(Index(1).ToString());
            (await Should.ThrowAsync<GridException>(() => server.AddOrRenewLeaseAsync(Index(1), Lease(1), default)))
                .Failure.ShouldBe(GridFailure.Damaged);
            (await server.DeleteUnleasedAsync(Index(1), null, default)).Outcome.ShouldBe(ReclaimOutcome.Damaged);
        }
    }

    [Fact]
    public async Task OnlyNumbersNameShares()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[1]);
        var slot = Path.GetDirectoryName(_grid.ShareFiles.Single())!;
        foreach (var name in (string[])["0.new", "00", "01", "256", "x", "-1", "+1", " 1", "1 "])
        {
            await File.WriteAllTextAsync(Path.Combine(slot, name), "junk");
        }

        (await server.ListSharesAsync(Index(1), default)).ShouldBe([0]);
    }

    [Fact]
    public async Task AnOpenShareStaysReadableWhenItIsDeleted()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), "still here"u8.ToArray());
        await using var share = await server.OpenShareAsync(Index(1), 0, default);
        _grid.Time.Now += TimeSpan.FromDays(40);
        (await server.DeleteUnleasedAsync(Index(1), null, default)).Outcome.ShouldBe(ReclaimOutcome.Deleted);

        var data = new byte[10];
        await share.ReadAsync(0, data, default);
        data.ShouldBe("still here"u8.ToArray());
        (await Should.ThrowAsync<GridException>(() => share.ReadAsync(1, data, default).AsTask())).Failure.ShouldBe(GridFailure.Damaged);
    }
}
