using System.Security.Cryptography;
using System.Text;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Tahoe.Tests.Directories;

/// <summary>Normalization form C. The hashes were computed by other code, with the tables of the same version of Unicode.</summary>
public sealed class CanonicalCompositionTests
{
    private static readonly (int First, int Last)[] Ranges =
    [
        (0x41, 0x7a), (0xc0, 0x17f), (0x300, 0x36f), (0x1100, 0x11ff), (0x1e00, 0x1fff), (0xac00, 0xaccf), (0x915, 0x95f), (0x3041, 0x30ff),
        (0x1d157, 0x1d172), (0x2126, 0x212b), (0x5b0, 0x5c7), (0xfb1d, 0xfb4e), (0xf900, 0xfa6d), (0x9c7, 0x9dd), (0xdca, 0xdde), (0x11099, 0x110ba),
    ];

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("\u212b", "Å")]
    [InlineData("a\u0323\u0307", "ạ\u0307")]
    [InlineData("a\u0307\u0323", "ạ\u0307")]
    [InlineData("\u1112\u1161\u11ab", "한")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\U0001d15e", "\U0001d157\U0001d165")]
    public void NamesAreComposed(string text, string composed) => CanonicalComposition.Normalize(text).ShouldBe(composed);

    [Fact]
    public void EveryCharacterAloneHasItsForm()
        => Hash(Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(code => new Rune(code).ToString()))
            .ShouldBe("9cc65524a9d8082bf10840c616cd199bd2ac12ee49a3381bd6fb7957711f342b");

    [Fact]
    public void RandomSequencesHaveTheirForm() => Hash(RandomTexts()).ShouldBe("6180080c48ab1297324ab92c2207f1bc99f6fef3609e59b806f3770fc38e4eaa");

    [Fact]
    public void WhatIsNormalizedStaysAsItIs()
        => RandomTexts().Take(20_000).Select(CanonicalComposition.Normalize).ShouldAllBe(text => CanonicalComposition.Normalize(text) == text);

    [Fact]
    public void ALongRunOfCombiningCharactersTakesNoLongTime()
    {
        var text = "a" + string.Concat(Enumerable.Range(0, 200_000).Select(i => i % 2 == 0 ? "\u0323" : "\u0301"));
        CanonicalComposition.Normalize(text).Length.ShouldBe(200_000);
    }

    private static IEnumerable<string> RandomTexts()
    {
        int[] codes = [.. Ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))];
        var state = 1UL;
        for (var n = 0; n < 100_000; n++)
        {
            var text = new StringBuilder();
            for (var i = 0; i < 2 + (n % 7); i++)
            {
                state = unchecked((state * 6364136223846793005) + 1442695040888963407);
                text.Append(new Rune(codes[(int)((state >> 33) % (ulong)codes.Length)]));
            }

            yield return text.ToString();
        }
    }

    private static string Hash(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(CanonicalComposition.Normalize(text) + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
