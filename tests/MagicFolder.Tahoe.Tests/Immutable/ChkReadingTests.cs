using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

public sealed class ChkReadingTests
{
    private static readonly AesKey Key = AesKey.From(Chk.RandomBytes(16));

    [Theory]
    [InlineData(1, 64)]
    [InlineData(63, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    [InlineData(5000, 64)]
    [InlineData(300_000, 131072)]
    [InlineData(100, 1)]
    public async Task EveryRangeEqualsTheSlice(int size, int segmentSize)
    {
        var plain = Chk.RandomBytes(size, size);
        var (cap, share) = await Chk.EncodeAsync(plain, new ChkParameters(maxSegmentSize: segmentSize), Key);
        var decoder = await Chk.OpenAsync(cap, share);
        decoder.Size.ShouldBe(size);
        var random = new Random(size);
        for (var i = 0; i < 100; i++)
        {
            var from = random.Next(size + 1);
            var length = random.Next(size - from + 1);
            length = i % 2 == 0 ? length : Math.Min(length, 70);
            var read = new byte[length];
            await decoder.ReadAsync(from, read, Chk.Cancel);
            read.AsSpan().SequenceEqual(plain.AsSpan(from, length)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task ConcurrentReadsDoNotDisturbEachOther()
    {
        var plain = Chk.RandomBytes(200_000);
        var (cap, share) = await Chk.EncodeAsync(plain, new ChkParameters(maxSegmentSize: 4096), Key);
        var decoder = await Chk.OpenAsync(cap, share);
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), Chk.Cancel, async (i, cancel) =>
        {
            var read = new byte[100 + (i * 7)];
            var from = (i * 487) % (plain.Length - read.Length);
            await decoder.ReadAsync(from, read, cancel);
            read.AsSpan().SequenceEqual(plain.AsSpan(from, read.Length)).ShouldBeTrue();
        });
    }

    [Fact]
    public async Task WithoutTheOptionalHashTheShareIsShorterAndStillReads()
    {
        var plain = Chk.RandomBytes(300_000);
        var (cap, share) = await Chk.EncodeAsync(plain, ChkParameters.Pack, Key);
        var (otherCap, other) = await Chk.EncodeAsync(plain, new ChkParameters(maxSegmentSize: ChkParameters.PackSegmentSize), Key);
        share.Length.ShouldBeLessThan(other.Length);
        cap.ShouldNotBe(otherCap);
        (await Chk.DecodeAsync(cap, share)).AsSpan().SequenceEqual(plain).ShouldBeTrue();
    }

    [Fact]
    public async Task BytesBehindTheShareDoNotMatter()
    {
        var plain = Chk.RandomBytes(100);
        var (cap, share) = await Chk.EncodeAsync(plain, ChkParameters.Default, Key);
        (await Chk.DecodeAsync(cap, share.Concat(new byte[50]).ToArray())).ShouldBe(plain);
    }

    [Fact]
    public async Task RangesOutsideTheFileAreAProgrammersMistake()
    {
        var (cap, share) = await Chk.EncodeAsync(Chk.RandomBytes(100), ChkParameters.Default, Key);
        var decoder = await Chk.OpenAsync(cap, share);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await decoder.ReadAsync(-1, new byte[1], Chk.Cancel));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await decoder.ReadAsync(50, new byte[51], Chk.Cancel));
        await decoder.ReadAsync(100, Memory<byte>.Empty, Chk.Cancel);
    }

    [Fact]
    public async Task APlaintextThatEndsTooSoonIsAnError()
    {
        var encoder = new ChkEncoder(Key, 101, ChkParameters.Default);
        await Should.ThrowAsync<EndOfStreamException>(() => encoder.EncodeAsync(new MemoryStream(new byte[100]), new MemoryStream(), Chk.Cancel));
    }

    [Fact]
    public async Task ASparseSourceThatGivesSmallPiecesIsReadWhole()
    {
        var plain = Chk.RandomBytes(5000);
        var (cap, share) = await Chk.EncodeAsync(plain, new ChkParameters(maxSegmentSize: 999), Key);
        var output = new MemoryStream();
        var again = await new ChkEncoder(Key, plain.Length, new ChkParameters(maxSegmentSize: 999)).EncodeAsync(new TricklingStream(plain), output, Chk.Cancel);
        again.ShouldBe(cap);
        output.ToArray().ShouldBe(share);
    }

    /// <summary>Gives at most seven bytes at a time.</summary>
    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(7, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(7, buffer.Length)], cancellationToken);
    }
}
