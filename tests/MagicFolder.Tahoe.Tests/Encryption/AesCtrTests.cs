using System.Buffers.Binary;
using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;

namespace MagicFolder.Tahoe.Tests.Encryption;

public sealed class AesCtrTests
{
    [Fact]
    public void TheFirstKeystreamBlockMatchesTheWorkedValue()
    {
        var key = AesKey.From(Convert.FromHexString("c66e2700c124ec49fbab9a5e186168db"));
        var stream = new byte[16];
        AesCtr.Transform(key, 0, stream, stream);
        Convert.ToHexStringLower(stream).ShouldBe("377b54e437376d1ef635dc6e95ef3b5e");
    }

    [Fact]
    public void EveryRangeEqualsTheSliceOfTheWhole()
    {
        var random = new Random(11);
        var keyBytes = new byte[16];
        random.NextBytes(keyBytes);
        var plain = new byte[200_000];
        random.NextBytes(plain);
        var expected = Reference(keyBytes, plain);
        using var cipher = new AesCtr(AesKey.From(keyBytes));
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
