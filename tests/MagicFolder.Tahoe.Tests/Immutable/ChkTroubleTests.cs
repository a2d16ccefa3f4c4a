using FsCheck;
using FsCheck.Fluent;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

/// <summary>Reading on when shares are damaged or out of reach.</summary>
public sealed class ChkTroubleTests
{
    private const int SegmentSize = 90;

    private static readonly byte[] Plain = Chk.RandomBytes(1000);
    private static readonly AesKey Key = AesKey.From(Chk.RandomBytes(16));

    /// <summary>Twelve segments of three blocks of 30 bytes; the last segment is of 10 bytes, its blocks of 4.</summary>
    private static readonly Task<(ChkCap Cap, byte[][] Shares)> Encoded = Chk.EncodeAllAsync(Plain, new ChkParameters(3, 7, SegmentSize), Key);

    [Fact]
    public void DamageInAllSharesButKIsNamedAndWorkedAround()
    {
        var cases =
            from n in Gen.Choose(2, 12)
            from k in Gen.Choose(1, n - 1)
            from damaged in Gen.Choose(1, n - k)
            from size in Gen.Choose(1, 400)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (K: k, N: n, Damaged: damaged, Size: size, Seed: seed);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            DamageAndRead(sample.K, sample.N, sample.Damaged, sample.Size, sample.Seed).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public async Task WithFewerThanKSharesTheErrorNamesThoseThatAreDamaged()
    {
        var (cap, shares) = await CopyAsync();
        shares[4][^1] ^= 1;
        shares[6][0] ^= 1;
        var failure = await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(cap, Chk.Pick(shares, 6, 0, 4, 2)));
        failure.Reason.ShouldBe(ShareDamage.TooFewShares);
        failure.Message.ShouldStartWith("3 shares are needed, and of the 4 at hand 2 can be used.");
        failure.Message.ShouldContain("Share 4: The share is damaged or of another encoding");
        failure.Message.ShouldContain("Share 6: Immutable shares of version");
        failure.InnerException.ShouldBeOfType<DamagedShareException>();
        var none = await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(cap, Chk.Pick(shares, 0, 1)));
        none.Reason.ShouldBe(ShareDamage.TooFewShares);
        none.InnerException.ShouldBeNull();
    }

    [Fact]
    public async Task TheSameShareTwiceCountsOnce()
    {
        var (cap, shares) = await CopyAsync();
        var failure = await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(cap, Chk.Pick(shares, 0, 1, 1, 0)));
        failure.Reason.ShouldBe(ShareDamage.TooFewShares);
        var damaged = (byte[])shares[1].Clone();
        damaged[0x24 + 31] ^= 1;
        NumberedShare[] both = [new NumberedShare(1, new MemoryShareSource(damaged)), .. Chk.Pick(shares, 0, 2, 1)];
        var decoder = await ChkDecoder.OpenAsync(cap, both, Chk.Cancel);
        await ReadAllAsync(decoder);
        decoder.Troubles.ShouldHaveSingleItem().Share.ShouldBe(both[0]);
    }

    [Fact]
    public async Task ASegmentIsReadFromAnyKSharesWhoseBlockIsSoundThoughNoShareIs()
    {
        var (cap, shares) = await CopyAsync();
        for (var i = 0; i < 7; i++)
        {
            // Share i has damage in the blocks of segments i to i+3.
            for (var segment = i; segment < i + 4; segment++)
            {
                shares[i][0x24 + (segment * 30)] ^= 1;
            }
        }

        var decoder = await ChkDecoder.OpenAsync(cap, Chk.Pick(shares, 0, 1, 2, 3, 4, 5, 6), Chk.Cancel);
        await ReadAllAsync(decoder);
        await ReadAllAsync(decoder);
        decoder.Troubles.ShouldNotBeEmpty();
        decoder.Troubles.ShouldAllBe(trouble => trouble.Damage == ShareDamage.BadBlock);
    }

    [Fact]
    public async Task ASourceThatFailsWhileReadingIsReplaced()
    {
        var (cap, shares) = await CopyAsync();
        var gone = new TroublesomeSource(shares[1]) { Fails = (read, _) => read > 9 };
        var spare = new TroublesomeSource(shares[5]);
        var decoder = await ChkDecoder.OpenAsync(
            cap, [new(1, gone), new(5, spare), .. Chk.Pick(shares, 0, 2)], Chk.Cancel);
        spare.Reads.ShouldBe(0);
        await ReadAllAsync(decoder);
        var trouble = decoder.Troubles.ShouldHaveSingleItem();
        trouble.Share.Source.ShouldBe(gone);
        trouble.Damage.ShouldBeNull();
        trouble.Error.Message.ShouldBe("The server is gone.");
        var reads = gone.Reads;
        await ReadAllAsync(decoder);
        gone.Reads.ShouldBe(reads);
    }

    [Fact]
    public async Task ASourceThatFailedIsAskedAgainWhenNoOtherIsLeft()
    {
        var (cap, shares) = await CopyAsync();
        var gone = new TroublesomeSource(shares[1]) { Fails = (read, _) => read is 10 or 11 };
        var decoder = await ChkDecoder.OpenAsync(cap, [new(1, gone), .. Chk.Pick(shares, 0, 2)], Chk.Cancel);
        var seen = new List<Exception>();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                await ReadAllAsync(decoder);
            }
            catch (DamagedShareException e)
            {
                seen.Add(e);
            }
        }

        seen.Count.ShouldBe(2);
        seen.ShouldAllBe(e => e.InnerException is IOException);
    }

    [Fact]
    public async Task TheOnlyShareOfAFileFailsWithWhatItsSourceThrows()
    {
        var (cap, share) = await Chk.EncodeAsync(Plain, new ChkParameters(1, 1, SegmentSize), Key);
        var source = new TroublesomeSource(share);
        var decoder = await ChkDecoder.OpenAsync(cap, [new(0, source)], Chk.Cancel);
        source.Fails = (_, _) => true;
        (await Should.ThrowAsync<IOException>(() => ReadAllAsync(decoder))).Message.ShouldBe("The server is gone.");
        await Should.ThrowAsync<IOException>(async () => await ChkDecoder.OpenAsync(cap, [new(0, source)], Chk.Cancel));
        source.Fails = (_, _) => false;
        await ReadAllAsync(decoder);
    }

    [Fact]
    public async Task CancellingSpeaksAgainstNoShare()
    {
        var (cap, shares) = await CopyAsync();
        using var cancel = new CancellationTokenSource();
        var source = new TroublesomeSource(shares[1]);
        var decoder = await ChkDecoder.OpenAsync(cap, [new(1, source), .. Chk.Pick(shares, 0, 2, 3)], Chk.Cancel);
        source.Fails = (_, _) =>
        {
            cancel.Cancel();
            return false;
        };
        await Should.ThrowAsync<OperationCanceledException>(async () => await decoder.ReadAsync(0, new byte[500], cancel.Token));
        decoder.Troubles.ShouldBeEmpty();
        await ReadAllAsync(decoder);

        // What a source cancels by itself is its own failure.
        source.Fails = (_, _) => true;
        source.Failure = () => new TaskCanceledException("timed out");
        await ReadAllAsync(decoder);
        decoder.Troubles.ShouldHaveSingleItem().Error.ShouldBeOfType<TaskCanceledException>();
    }

    [Fact]
    public async Task SparesAreOnlyLookedAtWhenTheyAreNeeded()
    {
        var (cap, shares) = await CopyAsync();
        var sources = shares.Select(share => new TroublesomeSource(share)).ToArray();
        var decoder = await ChkDecoder.OpenAsync(cap, [.. sources.Select((source, i) => new NumberedShare(i, source)).Reverse()], Chk.Cancel);
        await ReadAllAsync(decoder);
        sources.Select(source => source.Reads > 0).ShouldBe([true, true, true, false, false, false, false]);
    }

    [Fact]
    public async Task DamagedPaddingIsFoundToo()
    {
        var (cap, shares) = await CopyAsync();
        shares[2][0x24 + (11 * 30) + 3] ^= 1;
        var decoder = await ChkDecoder.OpenAsync(cap, Chk.Pick(shares, 0, 1, 2, 3), Chk.Cancel);
        await ReadAllAsync(decoder);
        decoder.Troubles.ShouldHaveSingleItem().Share.Number.ShouldBe(2);
    }

    [Fact]
    public async Task SharesOfAnotherEncodingOfTheSameFileAreNotMixedIn()
    {
        var (cap, shares) = await CopyAsync();
        var (_, others) = await Chk.EncodeAllAsync(Plain, new ChkParameters(3, 7, SegmentSize) { IncludeCiphertextHash = false }, Key);
        var decoder = await ChkDecoder.OpenAsync(cap, [.. Chk.Pick(others, 0, 1), .. Chk.Pick(shares, 4, 5, 6)], Chk.Cancel);
        await ReadAllAsync(decoder);
        decoder.Troubles.Select(trouble => (trouble.Share.Number, trouble.Damage)).ShouldBe(
            [(0, ShareDamage.UriExtensionMismatch), (1, ShareDamage.UriExtensionMismatch)]);
    }

    private static async Task DamageAndRead(int k, int n, int damaged, int size, int seed)
    {
        var random = new Random(seed);
        var plain = Chk.RandomBytes(size, seed);
        var (cap, shares) = await Chk.EncodeAllAsync(plain, new ChkParameters(k, n, random.Next(1, 100)), Key);
        var numbers = Chk.RandomNumbers(damaged, n, random);
        foreach (var number in numbers)
        {
            // A byte that every reader looks at: of a block, or of the block hashes, the chain, the URI extension block.
            var dataSize = (int)ReadOffset(shares[number], 0x10) - 0x24;
            var leaves = (int)ReadOffset(shares[number], 0x1c);
            var at = random.Next(2) == 0 ? 0x24 + random.Next(dataSize) : random.Next(leaves, shares[number].Length);
            shares[number][at] ^= (byte)random.Next(1, 256);
        }

        var decoder = await ChkDecoder.OpenAsync(cap, Chk.Pick(shares, Chk.RandomNumbers(n, n, random)), Chk.Cancel);
        var read = new byte[size];
        for (var before = -1; before < decoder.Troubles.Count;)
        {
            before = decoder.Troubles.Count;
            await decoder.ReadAsync(0, read, Chk.Cancel);
            read.AsSpan().SequenceEqual(plain).ShouldBeTrue();
        }

        var named = decoder.Troubles.Select(trouble => trouble.Share.Number).ToArray();
        named.ShouldBeSubsetOf(numbers);
        decoder.Troubles.ShouldAllBe(trouble => trouble.Damage != null);

        // A share that came in late was not asked for the blocks before, hence the further rounds. Now all are named that come before the last one in use.
        var used = Enumerable.Range(0, n).Where(number => !named.Contains(number)).Take(k).Max();
        numbers.Where(number => number < used).ShouldBeSubsetOf(named);

        // All but k-1 without a good header: too few are left. (Damaged blocks alone would not do, since other blocks of those shares are sound.)
        foreach (var number in numbers.Concat(Enumerable.Range(0, n).Except(numbers)).Take(n - k + 1))
        {
            shares[number][0] = 9;
        }

        (await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(cap, Chk.Pick(shares, [.. Enumerable.Range(0, n)])))).Reason.ShouldBe(ShareDamage.TooFewShares);
    }

    private static uint ReadOffset(byte[] share, int at) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(share.AsSpan(at));

    private static async Task ReadAllAsync(ChkDecoder decoder)
    {
        var read = new byte[decoder.Size];
        await decoder.ReadAsync(0, read, Chk.Cancel);
        read.AsSpan().SequenceEqual(Plain).ShouldBeTrue();
    }

    private static async Task<(ChkCap Cap, byte[][] Shares)> CopyAsync()
    {
        var (cap, shares) = await Encoded;
        return (cap, Array.ConvertAll(shares, share => (byte[])share.Clone()));
    }
}
