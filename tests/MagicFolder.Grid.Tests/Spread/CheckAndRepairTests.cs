using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid.Tests.Spread;

public sealed class CheckAndRepairTests : IAsyncLifetime
{
    private static readonly byte[] Content = Bytes(300_000);

    private readonly MutableKeys _keys = TestKeys.Take();
    private SpreadGrid? _directories;
    private TahoeGrid? _grid;

    private SpreadGrid Directories => _directories!;

    private TahoeGrid Grid => _grid!;

    private MutableWriteCap Head(MutableFormat format) => _keys.ToWriteCap(format);

    public async ValueTask InitializeAsync()
    {
        _directories = await SpreadGrid.CreateAsync(5, new GridEncoding(2, 3, 5));
        _grid = _directories.Client(1, new ImpatientTime());
    }

    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        _directories!.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(MutableFormat.Sdmf)]
    [InlineData(MutableFormat.Mdmf)]
    public async Task WhatIsWholeIsHealthyAndRepairLeavesItAlone(MutableFormat format)
    {
        var cap = await PutAsync();
        var head = Head(format);
        await Grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        foreach (var any in (Cap[])[cap, cap.ToVerifyCap(), head, head.ToReadCap(), head.ToVerifyCap()])
        {
            var check = await Grid.CheckAsync(any, default);
            check.ShouldSatisfyAllConditions(
                () => check.IsHealthy.ShouldBeTrue(), () => check.IsRecoverable.ShouldBeTrue(), () => check.Missing.ShouldBeEmpty(), () => check.Failing.ShouldBeEmpty(),
                () => check.Shares.Length.ShouldBe(5), () => check.Shares.ShouldAllBe(share => share.IsSound), () => check.Happiness.ShouldBe(5));
            check.Shares.Select(share => share.Server).Distinct().Count().ShouldBe(5);
        }

        var before = Stored();
        foreach (var any in (Cap[])[cap, cap.ToVerifyCap(), head])
        {
            (await Grid.RepairAsync(any, default)).After.IsHealthy.ShouldBeTrue();
        }

        Stored().ShouldBe(before);
        (await Grid.CheckAsync(new LiteralCap(new byte[3]), default)).IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task MissingSharesAreMadeAgainByteForByteWithoutTheKey()
    {
        var cap = await PutAsync();
        var before = Directories.AllShares.ToDictionary(path => Path.GetFileName(path)!, Data, StringComparer.Ordinal);
        foreach (var i in (int[])[0, 2, 3])
        {
            File.Delete(Directories.Shares(i).Single());
        }

        var check = await Grid.CheckAsync(cap.ToVerifyCap(), default);
        check.IsHealthy.ShouldBeFalse();
        check.IsRecoverable.ShouldBeTrue();
        check.Missing.Length.ShouldBe(3);
        var repair = await Grid.RepairAsync(cap.ToVerifyCap(), default);
        repair.Before.IsHealthy.ShouldBeFalse();
        repair.After.IsHealthy.ShouldBeTrue();
        repair.After.Happiness.ShouldBe(5);
        Directories.AllShares.ToDictionary(path => Path.GetFileName(path)!, Data, StringComparer.Ordinal).ShouldBe(before, ignoreOrder: true);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(12)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task DamagedSharesAreSeenAndMadeAgainElsewhereWithAShareOnEveryServer(int at)
    {
        var cap = await PutAsync();
        var path = Directories.Shares(2).Single();
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, at < 0 ? bytes[..5000] : Changed(bytes, at));

        var check = await Grid.CheckAsync(cap, default);
        check.IsHealthy.ShouldBeFalse();
        var damaged = check.Shares.Where(share => !share.IsSound).ShouldHaveSingleItem();
        damaged.Server.ShouldBe(Directories.At(2));
        damaged.Damage.ShouldNotBeNullOrEmpty();
        check.Missing.ShouldBe([damaged.Number]);

        var repair = await Grid.RepairAsync(cap, default);
        repair.After.IsHealthy.ShouldBeTrue();
        repair.After.Shares.Count(share => !share.IsSound).ShouldBe(1);
        repair.After.Happiness.ShouldBe(5);
        (await Grid.RepairAsync(cap, default)).After.Shares.Length.ShouldBe(repair.After.Shares.Length);
    }

    [Fact]
    public async Task WhatWasWrittenWhileDirectoriesWereAwayIsSpreadOverAllByRepair()
    {
        Directories.Lose(0);
        Directories.Lose(1);
        var cap = await PutAsync();
        var check = await Grid.CheckAsync(cap, default);
        check.Happiness.ShouldBe(3);
        check.Failing.Select(trouble => trouble.Server).ShouldBe([Directories.At(0), Directories.At(1)]);
        Directories.BringBack(0);
        Directories.BringBack(1);
        (await Grid.RepairAsync(cap, default)).After.Happiness.ShouldBe(5);
    }

    [Theory]
    [InlineData(MutableFormat.Sdmf)]
    [InlineData(MutableFormat.Mdmf)]
    public async Task AMutableObjectWrittenWhileDirectoriesWereAwayOutlivesTheLossOfOthersAfterRepair(MutableFormat format)
    {
        Directories.Lose(0);
        Directories.Lose(1);
        await Grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        Directories.Replace(0);
        Directories.Replace(1);
        var repair = await Grid.RepairAsync(Head(format), default);
        repair.Before.IsHealthy.ShouldBeTrue();
        repair.After.Happiness.ShouldBe(5);
        repair.After.Versions.ShouldHaveSingleItem().Seqnum.ShouldBe(1);
        var stored = Stored();
        (await Grid.RepairAsync(Head(format), default)).After.Happiness.ShouldBe(5);
        Stored().ShouldBe(stored);

        foreach (var lost in (int[][])[[2, 3, 4], [0, 2, 3], [1, 3, 4]])
        {
            Array.ForEach(lost, Directories.Lose);
            (await Grid.ReadMutableAsync(Head(format).ToReadCap(), default)).Content.ToArray().ShouldBe("one"u8.ToArray());
            Array.ForEach(lost, Directories.BringBack);
        }
    }

    [Fact]
    public async Task AVersionThatIsJustBeingWrittenIsWaitedForNotPublishedAgain()
    {
        await Grid.CreateMutableAsync(_keys, "one"u8.ToArray(), default);
        var (writer, servers) = await Directories.FailingClientAsync(2);
        var goOn = new TaskCompletionSource();
        var asked = 0;
        foreach (var server in servers)
        {
            server.BeforeVersion = () => Interlocked.Increment(ref asked) <= 3 ? Task.CompletedTask : goOn.Task;
        }

        var writing = writer.PublishMutableAsync(Head(MutableFormat.Sdmf), 1, "two"u8.ToArray(), default);
        while ((await Grid.CheckAsync(Head(MutableFormat.Sdmf), default)).Versions is not [{ Seqnum: 2, Shares: 3 }, { Seqnum: 1, Shares: 2 }])
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        var repairer = Directories.Client(3, new WaitingTime(() =>
        {
            goOn.TrySetResult();
            return writing;
        }));
        (await repairer.RepairAsync(Head(MutableFormat.Sdmf), default)).After.Versions.ShouldHaveSingleItem().Seqnum.ShouldBe(2);
        (await writing).ShouldBe(2);
    }

    [Fact]
    public async Task WhatCannotBeReadIsNotRepaired()
    {
        var cap = await PutAsync();
        foreach (var i in (int[])[0, 1, 2])
        {
            File.Delete(Directories.Shares(i).Single());
        }

        var path = Directories.Shares(3).Single();
        await File.WriteAllBytesAsync(path, Changed(await File.ReadAllBytesAsync(path), 2000));
        (await Grid.CheckAsync(cap, default)).IsRecoverable.ShouldBeFalse();
        (await Should.ThrowAsync<GridException>(() => Grid.RepairAsync(cap, default))).Failure.ShouldBe(GridFailure.Damaged);
        Directories.Lose(1);
        (await Should.ThrowAsync<GridException>(() => Grid.RepairAsync(cap, default))).Failure.ShouldBe(GridFailure.Unavailable);
    }

    [Theory]
    [InlineData(MutableFormat.Sdmf)]
    [InlineData(MutableFormat.Mdmf)]
    public async Task MissingAndDamagedMutableSharesComeBackUnderTheSameVersion(MutableFormat format)
    {
        await Grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        File.Delete(Directories.Shares(0).Single());
        var path = Directories.Shares(1).Single();
        await File.WriteAllBytesAsync(path, Changed(await File.ReadAllBytesAsync(path), 468 + (format == MutableFormat.Sdmf ? 432 : 2167 + 16)));
        await File.WriteAllBytesAsync(Directories.Shares(2).Single(), new byte[7]);
        var check = await Grid.CheckAsync(Head(format).ToVerifyCap(), default);
        check.Shares.Count(share => share.IsSound).ShouldBe(2);
        check.Missing.Length.ShouldBe(3);
        await Should.ThrowAsync<ArgumentException>(() => Grid.RepairAsync(Head(format).ToReadCap(), default));
        var after = (await Grid.RepairAsync(Head(format), default)).After;
        after.IsHealthy.ShouldBeTrue();
        after.Shares.ShouldAllBe(share => share.IsSound && share.Version == 1);
    }

    [Theory]
    [InlineData(MutableFormat.Sdmf)]
    [InlineData(MutableFormat.Mdmf)]
    public async Task DirectoriesThatLagBehindAreBroughtUpWithANewVersion(MutableFormat format)
    {
        await Grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        Directories.Lose(0);
        Directories.Lose(1);
        await Grid.PublishMutableAsync(Head(format), 1, "two"u8.ToArray(), default);
        Directories.BringBack(0);
        Directories.BringBack(1);
        var check = await Grid.CheckAsync(Head(format), default);
        check.IsHealthy.ShouldBeFalse();
        check.Versions.Select(version => version.Seqnum).ShouldBe([2, 1]);
        var after = (await Grid.RepairAsync(Head(format), default)).After;
        after.IsHealthy.ShouldBeTrue();
        after.Versions.ShouldHaveSingleItem().Seqnum.ShouldBe(3);
        (await Grid.ReadMutableAsync(Head(format).ToReadCap(), default)).Content.ToArray().ShouldBe("two"u8.ToArray());
    }

    [Theory]
    [InlineData(MutableFormat.Sdmf)]
    [InlineData(MutableFormat.Mdmf)]
    public async Task ANewerVersionThatCannotBeReadIsNotThrownAway(MutableFormat format)
    {
        await Grid.CreateMutableAsync(_keys, format, "one"u8.ToArray(), default);
        Directories.Lose(0);
        Directories.Lose(1);
        await Grid.PublishMutableAsync(Head(format), 1, "two"u8.ToArray(), default);
        Directories.BringBack(0);
        Directories.BringBack(1);
        foreach (var path in Directories.Shares(2).Concat(Directories.Shares(3)).Concat(Directories.Shares(4).Skip(1)).ToArray())
        {
            File.Delete(path);
        }

        var failure = await Should.ThrowAsync<GridException>(() => Grid.RepairAsync(Head(format), default));
        failure.Message.ShouldContain("version 2");
        (await Grid.CheckAsync(Head(format), default)).Versions.Length.ShouldBe(2);
    }

    private List<(string, string)> Stored() => [.. Directories.AllShares.Select(path => (path, Convert.ToBase64String(File.ReadAllBytes(path))))];

    /// <summary>The share without the leases behind it.</summary>
    private static string Data(string path) => Convert.ToBase64String(File.ReadAllBytes(path).AsSpan()[12..^72]);

    private static byte[] Changed(byte[] bytes, int at)
    {
        bytes[at] ^= 0x40;
        return bytes;
    }

    private async Task<ChkCap> PutAsync()
    {
        using var stream = new MemoryStream(Content, writable: false);
        return (ChkCap)await Grid.PutImmutableAsync(stream, Content.Length, EncryptionKeyChoice.Given(AesKey.From(new byte[16])), default);
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
