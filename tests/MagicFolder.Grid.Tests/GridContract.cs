using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid.Tests;

/// <summary>
/// What every <see cref="IGrid"/> must do. Derive from it, give the grid, and the tests run. A grid that two clients share is given by
/// <see cref="OtherClient"/>; it may be the same object.
/// </summary>
public abstract class GridContract
{
    protected abstract IGrid Grid { get; }

    protected virtual IGrid OtherClient => Grid;

    /// <summary>Of the mutable objects.</summary>
    protected virtual MutableFormat Format => MutableFormat.Sdmf;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(1000)]
    [InlineData(131072)]
    [InlineData(131073)]
    [InlineData(1_000_003)]
    public async Task WhatIsPutIsReadByAnotherClient(int size)
    {
        var content = Content(size, seed: size);
        var cap = await PutAsync(Grid, content, Key(1));
        cap.Size.ShouldBe(size);
        (cap is LiteralCap).ShouldBe(size <= LiteralCap.MaxSize);
        await using var file = await OtherClient.OpenImmutableAsync(cap, default);
        file.Size.ShouldBe(size);
        var read = new byte[size];
        await file.ReadAsync(0, read, default);
        read.ShouldBe(content);
    }

    [Fact]
    public async Task AnyRangeCanBeReadAndNoneBeyondTheEnd()
    {
        var content = Content(400_000, seed: 7);
        var cap = await PutAsync(Grid, content, Key(2));
        await using var file = await Grid.OpenImmutableAsync(cap, default);
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var offset = random.Next(content.Length + 1);
            var range = new byte[random.Next(content.Length - offset + 1)];
            await file.ReadAsync(offset, range, default);
            range.AsSpan().SequenceEqual(content.AsSpan(offset, range.Length)).ShouldBeTrue();
        }

        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await file.ReadAsync(content.Length, new byte[1], default));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await file.ReadAsync(-1, new byte[1], default));
    }

    [Fact]
    public async Task ReadsMayRunConcurrently()
    {
        var content = Content(600_000, seed: 8);
        var cap = await PutAsync(Grid, content, Key(3));
        await using var file = await Grid.OpenImmutableAsync(cap, default);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            var range = new byte[30_000];
            await file.ReadAsync(i * 35_000, range, default);
            range.AsSpan().SequenceEqual(content.AsSpan(i * 35_000, range.Length)).ShouldBeTrue();
        })));
    }

    [Fact]
    public async Task PuttingTheSameAgainGivesTheSameCap()
    {
        var content = Content(5000, seed: 1);
        var first = await PutAsync(Grid, content, Key(4));
        (await PutAsync(OtherClient, content, Key(4))).ShouldBe(first);
    }

    [Fact]
    public async Task ConvergentKeysGiveEqualCapsForEqualContentAndSecret()
    {
        var content = Content(5000, seed: 2);
        var one = await PutAsync(Grid, content, EncryptionKeyChoice.Convergent([1, 2, 3]));
        (await PutAsync(OtherClient, content, EncryptionKeyChoice.Convergent([1, 2, 3]))).ShouldBe(one);
        (await PutAsync(Grid, content, EncryptionKeyChoice.Convergent([4]))).ShouldNotBe(one);
    }

    [Fact]
    public async Task ManyPutsOfOneContentAtOnceAgree()
    {
        var content = Content(300_000, seed: 3);
        var caps = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => PutAsync(i % 2 == 0 ? Grid : OtherClient, content, Key(5)))));
        caps.Distinct().ShouldHaveSingleItem();
        await using var file = await Grid.OpenImmutableAsync(caps[0], default);
        var read = new byte[content.Length];
        await file.ReadAsync(0, read, default);
        read.ShouldBe(content);
    }

    [Fact]
    public async Task AnObjectThatWasNeverPutIsNotFound()
    {
        var other = (ChkCap)await PutAsync(Grid, Content(100, seed: 4), Key(6));
        var never = new ChkCap(AesKey.From(new byte[16]), other.UebHash, other.K, other.N, other.Size);
        (await Should.ThrowAsync<GridException>(() => Grid.OpenImmutableAsync(never, default))).Failure.ShouldBe(GridFailure.NotFound);
        (await Grid.RenewLeaseAsync(never.StorageIndex, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task ALeaseIsRenewedOnWhatIsThere()
    {
        var cap = (ChkCap)await PutAsync(Grid, Content(100, seed: 5), Key(7));
        (await OtherClient.RenewLeaseAsync(cap.StorageIndex, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task AMutableObjectBeginsAtOneAndCountsUp()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap(Format);
        await CreateAsync(Grid, keys, "one"u8.ToArray());
        var first = await OtherClient.ReadMutableAsync(cap.ToReadCap(), default);
        first.Seqnum.ShouldBe(1);
        first.Content.ToArray().ShouldBe("one"u8.ToArray());
        first.PublicKey.ToArray().ShouldBe(keys.PublicKey.ToArray());

        (await OtherClient.PublishMutableAsync(cap, 1, "two, longer"u8.ToArray(), default)).ShouldBe(2);
        (await Grid.PublishMutableAsync(cap, 2, "3"u8.ToArray(), default)).ShouldBe(3);
        (await Grid.ReadMutableAsync(cap.ToReadCap(), default)).Content.ToArray().ShouldBe("3"u8.ToArray());
        (await Grid.RenewLeaseAsync(cap.StorageIndex, default)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task MutableContentOfAnySizeIsReadBack(int size)
    {
        using var keys = TestKeys.Take();
        var content = Content(size, seed: 9);
        await CreateAsync(Grid, keys, content);
        (await Grid.ReadMutableAsync(keys.ToWriteCap(Format).ToReadCap(), default)).Content.ToArray().ShouldBe(content);
    }

    [Fact]
    public async Task AMutableObjectThatIsNotThereIsNotFound()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap(Format);
        (await Should.ThrowAsync<GridException>(() => Grid.ReadMutableAsync(cap.ToReadCap(), default))).Failure.ShouldBe(GridFailure.NotFound);
        (await Should.ThrowAsync<GridException>(() => Grid.PublishMutableAsync(cap, 1, new byte[1], default))).Failure.ShouldBe(GridFailure.NotFound);
    }

    [Fact]
    public async Task PublishingOnAnotherVersionChangesNothing()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap(Format);
        await CreateAsync(Grid, keys, "one"u8.ToArray());
        await Grid.PublishMutableAsync(cap, 1, "two"u8.ToArray(), default);
        foreach (var expected in (long[])[1, 3, 100])
        {
            (await Should.ThrowAsync<GridException>(() => OtherClient.PublishMutableAsync(cap, expected, "other"u8.ToArray(), default)))
                .Failure.ShouldBe(GridFailure.UncoordinatedWrite);
        }

        var now = await Grid.ReadMutableAsync(cap.ToReadCap(), default);
        now.Seqnum.ShouldBe(2);
        now.Content.ToArray().ShouldBe("two"u8.ToArray());
    }

    [Fact]
    public async Task AMutableObjectOfWhichNothingIsThereIsWrittenAgainAndGoesOnFromThere()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap(Format);
        await Grid.RewriteMutableAsync(keys, 8, "eight"u8.ToArray(), default);
        await OtherClient.RewriteMutableAsync(keys, 8, "eight"u8.ToArray(), default);
        (await OtherClient.ReadMutableAsync(cap.ToReadCap(), default)).Seqnum.ShouldBe(8);
        (await OtherClient.PublishMutableAsync(cap, 8, "nine"u8.ToArray(), default)).ShouldBe(9);
    }

    [Fact]
    public async Task AMutableObjectThatVerifiesIsNotWrittenAgain()
    {
        using var keys = TestKeys.Take();
        await CreateAsync(Grid, keys, "one"u8.ToArray());
        (await Should.ThrowAsync<GridException>(() => OtherClient.RewriteMutableAsync(keys, 2, "two"u8.ToArray(), default)))
            .Failure.ShouldBe(GridFailure.UncoordinatedWrite);
        (await Grid.ReadMutableAsync(keys.ToWriteCap(Format).ToReadCap(), default)).Content.ToArray().ShouldBe("one"u8.ToArray());
    }

    [Fact]
    public async Task CreatingOverAnObjectWithOtherContentIsRefused()
    {
        using var keys = TestKeys.Take();
        await CreateAsync(Grid, keys, "one"u8.ToArray());
        (await Should.ThrowAsync<GridException>(() => CreateAsync(OtherClient, keys, "two"u8.ToArray())))
            .Failure.ShouldBe(GridFailure.UncoordinatedWrite);
        (await Grid.ReadMutableAsync(keys.ToWriteCap(Format).ToReadCap(), default)).Content.ToArray().ShouldBe("one"u8.ToArray());
    }

    [Fact]
    public async Task AWriteWhoseAnswerWasLostMayBeRepeated()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap(Format);
        await CreateAsync(Grid, keys, "one"u8.ToArray());
        await CreateAsync(Grid, keys, "one"u8.ToArray());
        (await Grid.PublishMutableAsync(cap, 1, "two"u8.ToArray(), default)).ShouldBe(2);
        (await OtherClient.PublishMutableAsync(cap, 1, "two"u8.ToArray(), default)).ShouldBe(2);
        (await Grid.ReadMutableAsync(cap.ToReadCap(), default)).Seqnum.ShouldBe(2);
    }

    [Fact]
    public async Task OfWritersAtOnceExactlyOneWinsEachVersion()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap(Format);
        await CreateAsync(Grid, keys, "start"u8.ToArray());
        for (long version = 1; version <= 3; version++)
        {
            var expected = version;
            var wins = await Task.WhenAll(Enumerable.Range(0, 4).Select(who => Task.Run(async () =>
            {
                try
                {
                    await (who % 2 == 0 ? Grid : OtherClient).PublishMutableAsync(cap, expected, new byte[] { (byte)who }, default);
                    return who;
                }
                catch (GridException e) when (e.Failure == GridFailure.UncoordinatedWrite)
                {
                    return -1;
                }
            })));

            var winner = wins.Where(who => who >= 0).ShouldHaveSingleItem();
            var now = await Grid.ReadMutableAsync(cap.ToReadCap(), default);
            now.Seqnum.ShouldBe(version + 1);
            now.Content.ToArray().ShouldBe(new[] { (byte)winner });
        }
    }

    [Fact]
    public async Task FailuresTellNoSecrets()
    {
        using var keys = TestKeys.Take();
        var cap = keys.ToWriteCap(Format);
        var failure = await Should.ThrowAsync<GridException>(() => Grid.ReadMutableAsync(cap.ToReadCap(), default));
        foreach (var part in cap.ToUriString().Split(':').Concat(cap.ToReadCap().ToUriString().Split(':')).Where(p => p.Length > 20))
        {
            failure.ToString().ShouldNotContain(part);
        }
    }

    protected virtual Task CreateAsync(IGrid grid, MutableKeys keys, byte[] content) => grid.CreateMutableAsync(keys, content, default);

    protected static byte[] Content(int size, int seed)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        return content;
    }

    protected static EncryptionKeyChoice Key(byte number) => EncryptionKeyChoice.Given(AesKey.From(Enumerable.Repeat(number, 16).ToArray()));

    protected static async Task<ImmutableCap> PutAsync(IGrid grid, byte[] content, EncryptionKeyChoice key)
    {
        using var stream = new MemoryStream(content, writable: false);
        return await grid.PutImmutableAsync(stream, content.Length, key, default);
    }
}
