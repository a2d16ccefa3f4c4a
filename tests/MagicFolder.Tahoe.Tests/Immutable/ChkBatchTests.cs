using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

/// <summary>Files of so many segments that these are hashed sixteen at a time, where the processor can.</summary>
public sealed class ChkBatchTests
{
    [Theory]
    [InlineData(1, 128, 16 * 128)]
    [InlineData(1, 128, (16 * 128) + 1)]
    [InlineData(1, 128, (23 * 128) + 5)]
    [InlineData(1, 128, (24 * 128) + 127)]
    [InlineData(1, 128, 45 * 128)]
    [InlineData(1, 70, 1_000_003)]
    [InlineData(1, 42, 5_003)]
    [InlineData(3, 128, (40 * 128) + 5)]
    public async Task AShareIsSoundHoweverManySegmentsItHas(int n, int segmentSize, int size)
    {
        var plain = new byte[size];
        new Random(size).NextBytes(plain);
        var parameters = new ChkParameters(1, n, segmentSize) { IncludeCiphertextHash = size % 2 == 0 };
        var encoder = new ChkEncoder(AesKey.From(plain.AsSpan(0, AesKey.Length)), size, parameters);
        var shares = Enumerable.Range(0, n).Select(_ => new MemoryStream()).ToArray();
        var cap = await encoder.EncodeAsync(new MemoryStream(plain), shares, Chk.Cancel);

        for (var i = 0; i < n; i++)
        {
            var share = new NumberedShare(i, new MemoryShareSource(shares[i].ToArray()));
            share.Source.Length.ShouldBe(encoder.ShareSize);
            // These hash every segment and block one by one.
            await ChkShareVerifier.VerifyAsync(cap.ToVerifyCap(), share, Chk.Cancel);
            var read = new byte[size];
            var decoder = await ChkDecoder.OpenAsync(cap, [share], Chk.Cancel);
            await decoder.ReadAsync(0, read, Chk.Cancel);
            read.AsSpan().SequenceEqual(plain).ShouldBeTrue();
            await decoder.ReadUnverifiedAsync(77, read.AsMemory(0, size - 100), Chk.Cancel);
            read.AsSpan(0, size - 100).SequenceEqual(plain.AsSpan(77, size - 100)).ShouldBeTrue();
        }
    }
}
