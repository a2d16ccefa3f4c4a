using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Erasure;

/// <summary>Every instruction set that this processor has, against multiplying and adding byte by byte.</summary>
public sealed class CombinerTests
{
    public static TheoryData<string> All => [.. LinearCombiner.All.Select(combiner => combiner.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryFactorTimesEveryByteIsTheProductOfTheField(string name)
    {
        var combiner = Get(name);
        var source = new byte[256 + 3];
        for (var i = 0; i < source.Length; i++)
        {
            source[i] = (byte)i;
        }

        for (var factor = 0; factor < 256; factor++)
        {
            var made = Combine(combiner, source, 1, [(byte)factor], 1, source.Length);
            for (var i = 0; i < made.Length; i++)
            {
                made[i].ShouldBe(GaloisField.Multiply(factor, source[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AnyNumberOfBlocksOfAnyLengthIsCombined(string name)
    {
        var combiner = Get(name);
        var random = new Random(5);
        int[] lengths = [0, 1, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200, 255, 256, 257, 700];
        foreach (var length in lengths)
        {
            foreach (var count in Enumerable.Range(1, 9).Append(20))
            {
                var made = random.Next(1, 10);
                var sources = Chk.RandomBytes(length * count, random.Next());
                var factors = Chk.RandomBytes(count * made, random.Next());
                Combine(combiner, sources, count, factors, made, length).ShouldBe(CombineSlowly(sources, count, factors, made, length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EncodingAndDecodingGoThroughEveryCombiner(string name)
    {
        var combiner = Get(name);
        const int K = 5, N = 12, Size = 20_011;
        var segment = Chk.RandomBytes(K * Size);
        var code = ErasureCode.For(K, N);
        var secondary = new byte[(N - K) * Size];
        code.Encode(segment, K, N - K, secondary, combiner);
        var again = new byte[2 * Size];
        code.Encode(segment, 8, 2, again, combiner);
        again.AsSpan().SequenceEqual(secondary.AsSpan(3 * Size, 2 * Size)).ShouldBeTrue();

        int[] slots = [7, 1, 11, 3, 8];
        var damaged = (byte[])segment.Clone();
        for (var slot = 0; slot < K; slot++)
        {
            if (slots[slot] >= K)
            {
                secondary.AsSpan((slots[slot] - K) * Size, Size).CopyTo(damaged.AsSpan(slot * Size));
            }
        }

        new ErasureDecoding(slots).Decode(damaged, combiner);
        damaged.AsSpan().SequenceEqual(segment).ShouldBeTrue();
    }

    [Fact]
    public void TheFastestSupportedOneIsUsedAndThePortableOneIsEverywhere()
    {
        LinearCombiner.All[^1].IsSupported.ShouldBeTrue();
        LinearCombiner.Best.ShouldBe(LinearCombiner.All.First(combiner => combiner.IsSupported));
    }

    private static LinearCombiner Get(string name)
    {
        var combiner = LinearCombiner.All.Single(known => known.Name == name);
        Assert.SkipUnless(combiner.IsSupported, $"This processor does not have the instructions for {name}.");
        return combiner;
    }

    /// <summary>Checks with it that nothing is written beside the blocks.</summary>
    private static unsafe byte[] Combine(LinearCombiner combiner, byte[] sources, int count, byte[] factors, int made, int length)
    {
        const int Margin = 13;
        var distance = length + Margin;
        var room = new byte[Margin + (made * distance)];
        Array.Fill(room, (byte)0xA5);
        fixed (byte* from = sources, by = factors, to = room)
        {
            combiner.Combine(new Strip(from, length, count), by, new Strip(to + Margin, distance, made), length);
        }

        var result = new byte[made * length];
        for (var t = 0; t < made; t++)
        {
            var block = room.AsSpan(Margin + (t * distance), length);
            block.CopyTo(result.AsSpan(t * length));
            block.Fill(0xA5);
        }

        room.ShouldAllBe(b => b == 0xA5);
        return result;
    }

    private static byte[] CombineSlowly(byte[] sources, int count, byte[] factors, int made, int length)
    {
        var result = new byte[made * length];
        for (var t = 0; t < made; t++)
        {
            for (var i = 0; i < length; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    result[(t * length) + i] ^= GaloisField.Multiply(factors[(t * count) + j], sources[(j * length) + i]);
                }
            }
        }

        return result;
    }
}
