using FsCheck;
using FsCheck.Fluent;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

/// <summary>Files of which k of n shares are needed: what is written, and what reads back.</summary>
public sealed class ChkSpreadTests
{
    private static readonly AesKey Key = AesKey.From(Chk.RandomBytes(16));

    [Fact]
    public void AnyKOfNSharesInAnyOrderGiveEveryRangeOfTheFile()
    {
        var cases =
            from n in Gen.Choose(1, 20)
            from k in Gen.Choose(1, n)
            from segment in Gen.Choose(1, 80)
            from segments in Gen.Choose(0, 4)
            from beside in Gen.Choose(-2, 2)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (K: k, N: n, Segment: segment, Size: Math.Max(1, (segments * segment) + beside), Seed: seed);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            ReadAnyShares(sample.K, sample.N, sample.Segment, sample.Size, sample.Seed).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Theory]
    [InlineData(256, 256, 1000, 5000)]
    [InlineData(255, 256, 131072, 300_000)]
    [InlineData(2, 256, 64, 1000)]
    [InlineData(20, 60, 131072, 400_001)]
    public Task GreatNumbersOfSharesAreNoDifferent(int k, int n, int segment, int size) => ReadAnyShares(k, n, segment, size, 1);

    [Fact]
    public async Task SharesThatAreNotWantedChangeNothing()
    {
        var plain = Chk.RandomBytes(1000);
        var parameters = new ChkParameters(3, 7, 300);
        var (cap, shares) = await Chk.EncodeAllAsync(plain, parameters, Key);
        var some = new MemoryStream?[] { null, new(), null, null, new(), null, null };
        (await new ChkEncoder(Key, 1000, parameters).EncodeAsync(new MemoryStream(plain), some, Chk.Cancel)).ShouldBe(cap);
        some[1]!.ToArray().ShouldBe(shares[1]);
        some[4]!.ToArray().ShouldBe(shares[4]);
        (await new ChkEncoder(Key, 1000, parameters).EncodeAsync(new MemoryStream(plain), new Stream?[7], Chk.Cancel)).ShouldBe(cap);
        await Should.ThrowAsync<ArgumentException>(() => new ChkEncoder(Key, 1000, parameters).EncodeAsync(new MemoryStream(plain), new Stream?[6], Chk.Cancel));
    }

    [Fact]
    public async Task AFailingStreamEndsTheEncodingOnlyAfterTheOthersHaveLetGo()
    {
        var slow = new SlowStream();
        var shares = new Stream?[] { slow, new FailingStream(3), slow, null };
        var failure = await Should.ThrowAsync<IOException>(
            () => new ChkEncoder(Key, 1000, new ChkParameters(2, 4, 100)).EncodeAsync(new MemoryStream(new byte[1000]), shares, Chk.Cancel));
        failure.Message.ShouldBe("full");
        slow.Running.ShouldBe(0);
    }

    [Fact]
    public async Task SlowStreamsGetTheSameBytes()
    {
        var plain = Chk.RandomBytes(1000);
        var (cap, shares) = await Chk.EncodeAllAsync(plain, new ChkParameters(2, 4, 100), Key);
        var slow = Enumerable.Range(0, 4).Select(_ => new SlowStream()).ToArray();
        (await new ChkEncoder(Key, 1000, new ChkParameters(2, 4, 100)).EncodeAsync(new MemoryStream(plain), slow, Chk.Cancel)).ShouldBe(cap);
        slow.Select(share => share.ToArray()).ShouldBe(shares);
    }

    [Fact]
    public async Task ConcurrentReadsDoNotDisturbEachOther()
    {
        var plain = Chk.RandomBytes(200_000);
        var (cap, shares) = await Chk.EncodeAllAsync(plain, new ChkParameters(4, 9, 5000), Key);
        shares[7][0x24 + 3000] ^= 1;
        var sources = new[] { 8, 3, 7, 6, 5 }.Select(i => new NumberedShare(i, new TroublesomeSource(shares[i]) { IsSlow = true })).ToArray();
        var decoder = await ChkDecoder.OpenAsync(cap, sources, Chk.Cancel);
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), Chk.Cancel, async (i, cancel) =>
        {
            var read = new byte[100 + (i * 37)];
            var from = (i * 487) % (plain.Length - read.Length);
            await decoder.ReadAsync(from, read, cancel);
            read.AsSpan().SequenceEqual(plain.AsSpan(from, read.Length)).ShouldBeTrue();
        });
        decoder.Troubles.ShouldHaveSingleItem().Share.Number.ShouldBe(7);
    }

    private static async Task ReadAnyShares(int k, int n, int segment, int size, int seed)
    {
        var random = new Random(seed);
        var plain = Chk.RandomBytes(size, seed);
        var (cap, shares) = await Chk.EncodeAllAsync(plain, new ChkParameters(k, n, segment) { IncludeCiphertextHash = seed % 2 == 0 }, Key);
        var decoder = await ChkDecoder.OpenAsync(cap, Chk.Pick(shares, Chk.RandomNumbers(k, n, random)), Chk.Cancel);
        var whole = new byte[size];
        await decoder.ReadAsync(0, whole, Chk.Cancel);
        whole.AsSpan().SequenceEqual(plain).ShouldBeTrue();
        for (var i = 0; i < 10; i++)
        {
            var from = random.Next(size + 1);
            var part = new byte[random.Next(size - from + 1)];
            await decoder.ReadAsync(from, part, Chk.Cancel);
            part.AsSpan().SequenceEqual(plain.AsSpan(from, part.Length)).ShouldBeTrue();
        }

        decoder.Troubles.ShouldBeEmpty();
    }

    private sealed class FailingStream(int writes) : MemoryStream
    {
        private int _left = writes;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            => --_left < 0 ? throw new IOException("full") : base.WriteAsync(buffer, cancellationToken);
    }

    /// <summary>Looks at its buffer only after a while, in which it must not change.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private int _running;

        internal int Running => _running;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _running);
            await Task.Delay(2, CancellationToken.None);
            lock (this)
            {
                Write(buffer.Span);
            }

            Interlocked.Decrement(ref _running);
        }
    }
}
