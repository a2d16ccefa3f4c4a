using System.Buffers.Binary;
using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;

namespace MagicFolder.Tahoe.Tests.Encryption;

public sealed class AesCtrTests
{
    /// <summary>By the platform, and by the processor's instructions where it has them.</summary>
    private static bool[] Ways => AesInstructions.IsSupported ? [false, true] : [false];

    [Fact]
    public void TheFirstKeystreamBlockMatchesTheWorkedValue()
    {
        var key = AesKey.From(Convert.FromHexString("c66e2700c124ec49fbab9a5e186168db"));
        var stream = new byte[16];
        AesCtr.Transform(key, 0, stream, stream);
        Convert.ToHexStringLower(stream).ShouldBe("377b54e437376d1ef635dc6e95ef3b5e");
    }

    /// <summary>The key of zeros: the hash subkey and the first counter block of test cases 1 and 2 in the specification of GCM (McGrew and Viega).</summary>
    [Theory]
    [InlineData("00000000000000000000000000000000", 0L, "66e94bd4ef8a2c3b884cfa59ca342b2e")]
    [InlineData("00000000000000000000000000000000", 1L, "58e2fccefa7e3061367f1d57a4e7455a")]
    public void KnownBlocksOfTheKeystream(string key, long block, string expected)
    {
        foreach (var withInstructions in Ways)
        {
            using var cipher = new AesCtr(AesKey.From(Convert.FromHexString(key)), withInstructions);
            var stream = new byte[16];
            cipher.Transform(block * 16, stream, stream);
            Convert.ToHexStringLower(stream).ShouldBe(expected);
        }
    }

    [Fact]
    public void WhatIsBehindTheSourceStays()
    {
        foreach (var withInstructions in Ways)
        {
            using var cipher = new AesCtr(AesKey.From(new byte[16]), withInstructions);
            for (var length = 0; length < 300; length++)
            {
                var destination = new byte[400];
                cipher.Transform(5, new byte[length], destination);
                destination.AsSpan(length).ContainsAnyExcept((byte)0).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void EveryRangeEqualsTheSliceOfTheWhole()
    {
        foreach (var withInstructions in Ways)
        {
            EveryRangeEqualsTheSliceOfTheWholeBy(withInstructions);
        }
    }

    private static void EveryRangeEqualsTheSliceOfTheWholeBy(bool withInstructions)
    {
        var random = new Random(11);
        var keyBytes = new byte[16];
        random.NextBytes(keyBytes);
        var plain = new byte[200_000];
        random.NextBytes(plain);
        var expected = Reference(keyBytes, plain);
        using var cipher = new AesCtr(AesKey.From(keyBytes), withInstructions);
        for (var i = 0; i < 300; i++)
        {
            var from = random.Next(plain.Length + 1);
            var length = random.Next(plain.Length - from + 1);
            length = i % 2 == 0 ? Math.Min(length, 50) : length;
            var actual = plain.AsSpan(from, length).ToArray();
            cipher.Transform(from, actual, actual);
            actual.AsSpan().SequenceEqual(expected.AsSpan(from, length)).ShouldBeTrue();
        }
    }

    [Fact]
    public void OffsetsBeyondFourGibibytesCountOn()
    {
        var keyBytes = new byte[16];
        var counter = new byte[16];
        const long Offset = (1L << 40) + 32;
        BinaryPrimitives.WriteInt64BigEndian(counter.AsSpan(8), Offset / 16);
        using var aes = Aes.Create();
        aes.SetKey(keyBytes);
        var expected = aes.EncryptEcb(counter, PaddingMode.None);
        var actual = new byte[16];
        AesCtr.Transform(AesKey.From(keyBytes), Offset, actual, actual);
        actual.ShouldBe(expected);
    }

    private static byte[] Reference(byte[] key, byte[] plain)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        var result = new byte[plain.Length];
        var counter = new byte[16];
        for (var at = 0; at < plain.Length; at += 16)
        {
            BinaryPrimitives.WriteInt32BigEndian(counter.AsSpan(12), at / 16);
            var stream = aes.EncryptEcb(counter, PaddingMode.None);
            for (var i = at; i < Math.Min(at + 16, plain.Length); i++)
            {
                result[i] = (byte)(plain[i] ^ stream[i - at]);
            }
        }

        return result;
    }
}
