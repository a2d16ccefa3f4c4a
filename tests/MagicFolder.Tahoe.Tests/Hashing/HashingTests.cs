using System.Text;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Tests.Hashing;

public sealed class HashingTests
{
    private static readonly WriteKey Key = WriteKey.From(Convert.FromHexString("2cbd45e8a9a68b50e845bfcd3f34d813"));
    private static readonly byte[] Server = [.. Enumerable.Range(0, 20).Select(i => (byte)i)];

    [Fact]
    public void MutableDerivationsMatchTheWorkedValues()
    {
        Convert.ToHexStringLower(Key.ToReadKey().ToArray()).ShouldBe("f763476b389c774bb41753e63741533f");
        Key.ToReadKey().ToStorageIndex().ToString().ShouldBe("axxzm642zi4vozwfjdijoafbrm");
        Hex(WriteEnabler.Derive(Key, Server)).ShouldBe("b6bf95f947974add5603fb36aa8b05145ef423ba67e2fb13d87d204675cfe367");
    }

    [Fact]
    public void LeaseSecretsMatchTheWorkedValues()
    {
        var master = Encoding.ASCII.GetBytes(new string('L', 32));
        var secrets = LeaseSecrets.Derive(master, Key.ToReadKey().ToStorageIndex(), Server);
        Hex(secrets.Renew).ShouldBe("aa4e09de7b2559b944f0901b9bf34a648b0b1bab63572c414bcf0f068e0f9196");
        Hex(secrets.Cancel).ShouldBe("8041ed687ac5f219bc344382333ad9cb39d81b027e8fb6fd6c64a90c2f56d1f2");
        secrets.ToString().ShouldBe("LeaseSecrets(secret)");
    }

    [Fact]
    public void PiecesHashLikeTheWhole()
    {
        var random = new Random(3);
        var bytes = new byte[5000];
        random.NextBytes(bytes);
        using var hasher = new TaggedHasher(HashTags.Block);
        for (var round = 0; round < 20; round++)
        {
            var length = random.Next(bytes.Length);
            for (var at = 0; at < length;)
            {
                var piece = Math.Min(length - at, random.Next(1, 900));
                hasher.Append(bytes.AsSpan(at, piece));
                at += piece;
            }

            hasher.Finish().ShouldBe(TaggedHash.Compute(HashTags.Block, bytes.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("", "0:,")]
    [InlineData("hello", "5:hello,")]
    [InlineData("0123456789", "10:0123456789,")]
    public void NetstringsAreWrittenAndReadBack(string value, string expected)
    {
        var bytes = Encoding.ASCII.GetBytes(value);
        var written = new byte[Netstring.EncodedLength(bytes.Length)];
        Netstring.Write(bytes, written).ShouldBe(written.Length);
        Encoding.ASCII.GetString(written).ShouldBe(expected);
        ReadOnlySpan<byte> rest = [.. written, (byte)'x'];
        Netstring.TryRead(ref rest, out var read).ShouldBeTrue();
        read.SequenceEqual(bytes).ShouldBeTrue();
        rest.SequenceEqual("x"u8).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5:hell")]
    [InlineData("5:hello")]
    [InlineData("5:hello;")]
    [InlineData("05:hello,")]
    [InlineData("-1:,")]
    [InlineData("+1:a,")]
    [InlineData(":,")]
    [InlineData("99999999999:a,")]
    [InlineData("4294967295:a,")]
    [InlineData("1a:a,")]
    public void WhatIsNoNetstringIsRefused(string text)
    {
        ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(text);
        Netstring.TryRead(ref rest, out _).ShouldBeFalse();
    }

    private static string Hex(Digest digest) => Convert.ToHexStringLower(digest.ToArray());
}
