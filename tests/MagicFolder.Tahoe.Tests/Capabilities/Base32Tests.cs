using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Tests.Capabilities;

public sealed class Base32Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("00", "aa")]
    [InlineData("ff", "74")]
    [InlineData("68656c6c6f", "nbswy3dp")]
    [InlineData("05ef967b9aca395766c548d09700a18b", "axxzm642zi4vozwfjdijoafbrm")]
    public void KnownBytesHaveKnownSpelling(string hex, string text)
    {
        Base32.Encode(Convert.FromHexString(hex)).ShouldBe(text);
        Base32.TryDecode(text, out var bytes).ShouldBeTrue();
        bytes.ShouldBe(Convert.FromHexString(hex));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("aaa")]
    [InlineData("aaaaaa")]
    [InlineData("ab")]
    [InlineData("AA")]
    [InlineData("a1")]
    [InlineData("aa======")]
    [InlineData("é2")]
    public void OtherSpellingsAreRefused(string text) => Base32.TryDecode(text, out _).ShouldBeFalse();

    [Fact]
    public void EveryLengthComesBack()
    {
        var random = new Random(1);
        for (var length = 0; length < 100; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Base32.TryDecode(Base32.Encode(bytes), out var back).ShouldBeTrue();
            back.ShouldBe(bytes);
        }
    }

    [Fact]
    public void EveryAcceptedTextIsTheOnlySpellingOfItsBytes()
    {
        const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        foreach (var first in Alphabet)
        {
            foreach (var second in Alphabet)
            {
                var text = $"{first}{second}";
                if (Base32.TryDecode(text, out var bytes))
                {
                    Base32.Encode(bytes).ShouldBe(text);
                }
            }
        }
    }
}
