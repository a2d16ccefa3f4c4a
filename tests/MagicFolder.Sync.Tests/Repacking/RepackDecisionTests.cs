using MagicFolder.Model.Blobs;
using MagicFolder.Sync.Repacking;

namespace MagicFolder.Sync.Tests.Repacking;

public sealed class RepackDecisionTests
{
    private const long MiB = 1 << 20;
    private static readonly RepackDecision Rule = RepackDecision.Default;
    private int _packs;

    [Fact]
    public void AMostlyDeadPackIsLeftIfThereIsEnoughToWin()
    {
        Choose(Pack(16 * MiB, 5 * MiB), Pack(16 * MiB, 9 * MiB), Pack(6 * MiB, 1)).Select(pack => pack.Live).ShouldBe([1, 5 * MiB]);
        Choose(Pack(MiB - 1, 1)).ShouldBeEmpty();
    }

    [Fact]
    public void SmallPacksAreLeftWhenThereAreMany()
    {
        var small = Enumerable.Range(0, Rule.LeastSmall).Select(i => Pack(1000 + i, 900)).ToArray();
        Choose([.. small, Pack(16 * MiB, 16 * MiB)]).ShouldBe(small);
        Choose([.. small[1..], Pack(16 * MiB, 16 * MiB)]).ShouldBeEmpty();
    }

    [Fact]
    public void WhatIsCopiedIsBoundedAndFewerPacksComeOfIt()
    {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++)
        {
            var packs = SomePacks(random);
            var chosen = Choose(packs);
            chosen.Distinct().Count().ShouldBe(chosen.Count);
            chosen.ShouldBeSubsetOf(packs);
            chosen.Sum(pack => pack.Live).ShouldBeLessThanOrEqualTo(Rule.MostCopied);
            if (chosen.Count > 0) After(packs, chosen).Sum(pack => pack.Size).ShouldBeLessThanOrEqualTo(packs.Sum(pack => pack.Size));
            if (chosen.Count > 0 && chosen.Sum(pack => pack.Size) - chosen.Sum(pack => pack.Live) < Rule.LeastGain) After(packs, chosen).Length.ShouldBeLessThan(packs.Length);
        }
    }

    /// <summary>Nothing is written anew for ever, and in the end nothing is left to be won.</summary>
    [Fact]
    public void ItComesToAnEnd()
    {
        var random = new Random(8);
        for (int i = 0; i < 200; i++)
        {
            var packs = SomePacks(random);
            long live = packs.Sum(pack => pack.Live);
            int runs = 0;
            for (var chosen = Choose(packs); chosen.Count > 0; chosen = Choose(packs))
            {
                packs = After(packs, chosen);
                runs++.ShouldBeLessThan(40);
            }
            packs.Sum(pack => pack.Live).ShouldBe(live);
            packs.Where(pack => pack.Live < pack.Size / 2).ShouldAllBe(pack => pack.Size - pack.Live < Rule.LeastGain);
            packs.Count(pack => pack.Size < Rule.TargetSize / 4).ShouldBeLessThan(2 * Rule.LeastSmall);
        }
    }

    /// <summary>The needed bytes of those chosen lie in full packs, and the rest in one more.</summary>
    private PackUse[] After(IEnumerable<PackUse> packs, IReadOnlyCollection<PackUse> chosen)
    {
        var after = packs.Except(chosen).ToList();
        long rest = chosen.Sum(pack => pack.Live);
        for (; rest >= Rule.TargetSize; rest -= Rule.TargetSize) after.Add(Pack(Rule.TargetSize, Rule.TargetSize));
        if (rest > 0) after.Add(Pack(rest, rest));
        return [.. after];
    }

    private static IReadOnlyList<PackUse> Choose(params PackUse[] packs) => Rule.Choose(packs);

    private PackUse[] SomePacks(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(120)).Select(_ =>
        {
            long size = random.Next(3) == 0 ? random.NextInt64(1, 17 * MiB) : random.NextInt64(1, 1 << random.Next(1, 24));
            return Pack(size, random.NextInt64(1, size + 1));
        }),
    ];

    private PackUse Pack(long size, long live) => new(new PackRef($"pack {_packs++}"), size, live);
}
