using FsCheck;
using FsCheck.Fluent;
using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Erasure;

public sealed class CodeTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 3)]
    [InlineData(3, 6)]
    [InlineData(4, 7)]
    [InlineData(5, 5)]
    public void EveryChoiceOfKBlocksGivesTheSegmentBack(int k, int n)
    {
        var segment = Chk.RandomBytes(k * 37);
        for (var choice = 0; choice < 1 << n; choice++)
        {
            var numbers = Enumerable.Range(0, n).Where(i => (choice >> i & 1) != 0).ToArray();
            if (numbers.Length == k)
            {
                DecodeFrom(segment, k, n, numbers).ShouldBe(segment);
            }
        }
    }

    [Fact]
    public void AnyKOfNBlocksGiveTheSegmentBack()
    {
        var cases = Gen.Choose(1, 256).SelectMany(n => Gen.Choose(1, n).Select(k => (K: k, N: n)))
            .SelectMany(code => Gen.Choose(0, 300).Select(size => (code.K, code.N, Size: size)))
            .SelectMany(code => Gen.Choose(0, int.MaxValue - 1).Select(seed => (code.K, code.N, code.Size, Seed: seed)));
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var segment = Chk.RandomBytes(sample.K * sample.Size, sample.Seed);
            var numbers = Chk.RandomNumbers(sample.K, sample.N, new Random(sample.Seed)).Order().ToArray();
            return DecodeFrom(segment, sample.K, sample.N, numbers).AsSpan().SequenceEqual(segment);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void MoreParametersThanAreKeptDoNotMatter()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var n = 3; n < 100; n++)
            {
                ErasureCode.For(2, n).RowOf(n - 1).Length.ShouldBe(2);
            }
        }
    }

    [Fact]
    public async Task OneCodeServesManyAtTheSameTime()
    {
        var segment = Chk.RandomBytes(20 * 1000);
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), Chk.Cancel, (i, _) =>
        {
            DecodeFrom(segment, 20, 60, [.. Chk.RandomNumbers(20, 60, new Random(i)).Order()]).AsSpan().SequenceEqual(segment).ShouldBeTrue();
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void PrimaryBlocksStandInTheirOwnSlots()
    {
        ErasureDecoding.Arrange([0, 1, 2]).ShouldBe([0, 1, 2]);
        ErasureDecoding.Arrange([1, 5, 9]).ShouldBe([1, 0, 2]);
        ErasureDecoding.Arrange([2, 3, 7]).ShouldBe([1, 2, 0]);
        foreach (var slots in new int[][] { [1, 0], [5, 5], [0, 256], [-1, 1], [0, 0] })
        {
            Should.Throw<ArgumentException>(() => new ErasureDecoding(slots));
        }
    }

    [Fact]
    public void LengthsThatDoNotFitAreAProgrammersMistake()
    {
        Should.Throw<ArgumentException>(() => ErasureCode.For(3, 5).Encode(new byte[10], 3, 1, new byte[3]));
        Should.Throw<ArgumentException>(() => ErasureCode.For(3, 5).Encode(new byte[9], 3, 1, new byte[4]));
        Should.Throw<ArgumentException>(() => ErasureCode.For(3, 5).Encode(new byte[9], 2, 1, new byte[3]));
        Should.Throw<ArgumentException>(() => ErasureCode.For(3, 5).Encode(new byte[9], 4, 2, new byte[6]));
        Should.Throw<ArgumentException>(() => new ErasureDecoding([0, 3, 2]).Decode(new byte[10]));
    }

    private static byte[] DecodeFrom(byte[] segment, int k, int n, int[] ascending)
    {
        var size = segment.Length / k;
        var secondary = new byte[(n - k) * size];
        ErasureCode.For(k, n).Encode(segment, k, n - k, secondary);
        var slots = Array.ConvertAll(ErasureDecoding.Arrange(ascending), i => ascending[i]);
        var inHand = new byte[segment.Length];
        for (var slot = 0; slot < k; slot++)
        {
            var block = slots[slot] < k ? segment.AsSpan(slots[slot] * size, size) : secondary.AsSpan((slots[slot] - k) * size, size);
            block.CopyTo(inHand.AsSpan(slot * size));
        }

        new ErasureDecoding(slots).Decode(inHand);
        return inHand;
    }
}
