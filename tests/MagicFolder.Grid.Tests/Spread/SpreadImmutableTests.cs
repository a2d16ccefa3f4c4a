using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Tests.Spread;

/// <summary>Immutable files on five directories, of which any two are enough to read and three to write.</summary>
public sealed class SpreadImmutableTests : IAsyncLifetime
{
    private static readonly byte[] Content = Bytes(300_000);

    private SpreadGrid? _directories;

    private SpreadGrid Directories => _directories!;

    public async ValueTask InitializeAsync() => _directories = await SpreadGrid.CreateAsync(5, new GridEncoding(2, 3, 5));

    public ValueTask DisposeAsync()
    {
        _directories!.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task EveryDirectoryGetsAShareOfItsOwnInThePermutedOrder()
    {
        var cap = await PutAsync(Directories.Client(1));
        cap.K.ShouldBe(2);
        cap.N.ShouldBe(5);
        Enumerable.Range(0, 5).Select(i => Directories.Shares(i).ShouldHaveSingleItem()).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["0", "1", "2", "3", "4"]);
        var before = Places();
        (await PutAsync(Directories.Client(2))).ShouldBe(cap);
        Places().ShouldBe(before);
    }

    [Fact]
    public async Task AnyTwoSharesAreEnoughWhateverIsWithTheOthers()
    {
        var cap = await PutAsync(Directories.Client(1));
        for (var one = 0; one < 5; one++)
        {
            for (var other = one + 1; other < 5; other++)
            {
                var gone = Enumerable.Range(0, 5).Except([one, other]).ToArray();
                Directories.Lose(gone[0]);
                var damaged = Damage(gone[1], 50_000);
                var cut = Damage(gone[2], 0, cut: true);
                (await ReadAsync(Directories.Client(1), cap)).ShouldBe(Content);
                Directories.BringBack(gone[0]);
                damaged();
                cut();
            }
        }
    }

    [Fact]
    public async Task TooFewSharesAreOneErrorThatNamesWhoFails()
    {
        var cap = await PutAsync(Directories.Client(1));
        foreach (var i in (int[])[0, 1, 2, 3])
        {
            Directories.Lose(i);
        }

        var failure = await Should.ThrowAsync<GridException>(() => ReadAsync(Directories.Client(1), cap));
        failure.Failure.ShouldBe(GridFailure.Unavailable);
        failure.IsPermanent.ShouldBeFalse();
        foreach (var i in (int[])[0, 1, 2, 3])
        {
            failure.Message.ShouldContain($"'{Directories.At(i)}'");
        }

        Directories.BringBack(2);
        (await ReadAsync(Directories.Client(1), cap)).ShouldBe(Content);
    }

    [Fact]
    public async Task WhatIsDeletedFromAllButOneIsNotFound()
    {
        var cap = await PutAsync(Directories.Client(1));
        foreach (var i in (int[])[0, 1, 2, 3])
        {
            File.Delete(Directories.Shares(i).Single());
        }

        (await Should.ThrowAsync<GridException>(() => ReadAsync(Directories.Client(1), cap))).Failure.ShouldBe(GridFailure.NotFound);
    }

    [Fact]
    public async Task WhatMayBeWithThoseThatFailIsNotCalledAbsent()
    {
        var cap = await PutAsync(Directories.Client(1));
        foreach (var i in (int[])[0, 1])
        {
            File.Delete(Directories.Shares(i).Single());
        }

        Directories.Lose(2);
        Directories.Lose(3);
        File.Delete(Directories.Shares(4).Single());
        (await Should.ThrowAsync<GridException>(() => ReadAsync(Directories.Client(1), cap))).Failure.ShouldBe(GridFailure.NotFound);
        Directories.Lose(4);
        (await Should.ThrowAsync<GridException>(() => ReadAsync(Directories.Client(1), cap))).Failure.ShouldBe(GridFailure.Unavailable);
    }

    [Fact]
    public async Task WithoutEnoughDirectoriesNothingIsSentAndTheErrorSaysHowManyThereAre()
    {
        foreach (var i in (int[])[0, 2, 4])
        {
            Directories.Lose(i);
        }

        var failure = await Should.ThrowAsync<GridException>(() => PutAsync(Directories.Client(1)));
        failure.Failure.ShouldBe(GridFailure.Unavailable);
        failure.Message.ShouldContain("reach 2 of 5 servers, and 3 are needed");
        failure.Message.ShouldContain($"'{Directories.At(2)}'");
        Directories.AllShares.ShouldBeEmpty();
    }

    [Fact]
    public async Task ADirectoryThatIsFullIsDoneWithout()
    {
        var (grid, servers) = await Directories.FailingClientAsync(1);
        servers[0].IsFull = servers[3].IsFull = true;
        var cap = await PutAsync(grid);
        Directories.AllShares.Select(Path.GetFileName).Distinct().Count().ShouldBe(5);
        Directories.Shares(0).ShouldBeEmpty();
        (await ReadAsync(grid, cap)).ShouldBe(Content);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(100_000)]
    [InlineData(-1)]
    public async Task ServersThatFailDuringTheUploadAreDoneWithoutAsLongAsThereAreEnough(long after)
    {
        var (grid, servers) = await Directories.FailingClientAsync(1);
        foreach (var i in (int[])[1, 2])
        {
            Break(servers[i], after);
        }

        var cap = await PutAsync(grid);
        Directories.AllShares.Count().ShouldBe(3);
        (await ReadAsync(grid, cap)).ShouldBe(Content);

        Break(servers[4], after);
        using var content = new MemoryStream(Bytes(200_001), writable: false);
        var failure = await Should.ThrowAsync<GridException>(() => grid.PutImmutableAsync(content, content.Length, Key(2), default));
        failure.Failure.ShouldBe(GridFailure.Io);
        failure.Message.ShouldContain("2 of 5 servers, and 3 are needed");
        failure.Message.ShouldContain(Directories.At(4));
        if (after >= 0)
        {
            Directories.AllShares.Count().ShouldBe(3);
        }
    }

    [Fact]
    public async Task AnUploadThatLostAServerIsCompletedByPuttingAgain()
    {
        var (grid, servers) = await Directories.FailingClientAsync(1);
        servers[1].FailsAfter = servers[2].FailsAfter = 1000;
        var cap = await PutAsync(grid);
        servers[1].FailsAfter = servers[2].FailsAfter = null;
        (await PutAsync(grid)).ShouldBe(cap);
        Enumerable.Range(0, 5).ShouldAllBe(i => Directories.Shares(i).Length == 1);
        Directories.AllShares.Select(Path.GetFileName).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public async Task DamagedSharesInTheWayDoNotCountAndTheirNumbersGoElsewhere()
    {
        var cap = await PutAsync(Directories.Client(1));
        Damage(0, 60_000);
        Damage(1, 60_000);
        (await PutAsync(Directories.Client(1))).ShouldBe(cap);
        var check = await Directories.Client(2).CheckAsync(cap, default);
        check.IsHealthy.ShouldBeTrue();
        check.Happiness.ShouldBe(5);
        check.Shares.Count(share => !share.IsSound).ShouldBe(2);
        (await ReadAsync(Directories.Client(1), cap)).ShouldBe(Content);
    }

    [Fact]
    public async Task ContentThatCannotBeReadTwiceFindsWhatIsThere()
    {
        var cap = await PutAsync(Directories.Client(1));
        Damage(3, 60_000);
        using var content = new ForwardStream(Content);
        (await Directories.Client(1).PutImmutableAsync(content, Content.Length, Key(1), default)).ShouldBe(cap);
    }

    [Fact]
    public async Task LeasesAreThereAsLongAsNothingIsMissingButWhatCannotBeAsked()
    {
        var grid = Directories.Client(1);
        var index = (await PutAsync(grid)).StorageIndex;
        (await grid.RenewLeaseAsync(index, default)).ShouldBeTrue();
        Directories.Lose(0);
        Directories.Lose(1);
        (await grid.RenewLeaseAsync(index, default)).ShouldBeTrue();
        Directories.Lose(2);
        (await grid.RenewLeaseAsync(index, default)).ShouldBeTrue();
        Directories.Lose(3);
        (await Should.ThrowAsync<GridException>(() => grid.RenewLeaseAsync(index, default))).Failure.ShouldBe(GridFailure.Unavailable);
        foreach (var i in (int[])[0, 1, 2, 3])
        {
            Directories.BringBack(i);
        }

        foreach (var i in (int[])[0, 1, 2])
        {
            File.Delete(Directories.Shares(i).Single());
        }

        (await grid.RenewLeaseAsync(index, default)).ShouldBeFalse();
        await PutAsync(grid);
        (await grid.RenewLeaseAsync(index, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task SharesOfOtherContentUnderTheSameKeyAreNotTakenForOurs()
    {
        var grid = Directories.Client(1);
        var one = await PutAsync(grid);
        using var other = new MemoryStream(Bytes(300_000, seed: 2), writable: false);
        var two = await grid.PutImmutableAsync(other, other.Length, Key(1), default);
        two.ShouldNotBe(one);
        (await ReadAsync(grid, one)).ShouldBe(Content);
        (await ReadAsync(grid, (ChkCap)two)).ShouldBe(Bytes(300_000, seed: 2));
    }

    private static void Break(FailingServer server, long after) => (server.FailsAfter, server.FailsAtEnd) = after < 0 ? ((long?)null, true) : (after, false);

    private List<string> Places() => [.. Directories.AllShares];

    /// <summary>Returns what heals it.</summary>
    private Action Damage(int directory, int at, bool cut = false)
    {
        var path = Directories.Shares(directory).Single();
        var good = File.ReadAllBytes(path);
        var bad = cut ? good[..at] : (byte[])good.Clone();
        if (!cut)
        {
            bad[at] ^= 1;
        }

        File.WriteAllBytes(path, bad);
        return () => File.WriteAllBytes(path, good);
    }

    private static async Task<ChkCap> PutAsync(TahoeGrid grid)
    {
        using var stream = new MemoryStream(Content, writable: false);
        return (ChkCap)await grid.PutImmutableAsync(stream, Content.Length, Key(1), default);
    }

    private static async Task<byte[]> ReadAsync(TahoeGrid grid, ChkCap cap)
    {
        await using var file = await grid.OpenImmutableAsync(cap, default);
        var read = new byte[file.Size];
        await file.ReadAsync(0, read, default);
        return read;
    }

    private static EncryptionKeyChoice Key(byte number) => EncryptionKeyChoice.Given(AesKey.From(Enumerable.Repeat(number, 16).ToArray()));

    private static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed class ForwardStream(byte[] content) : MemoryStream(content, writable: false)
    {
        public override bool CanSeek => false;
    }
}
