using System.Buffers.Binary;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

public sealed class ChkTamperingTests
{
    private const int SegmentSize = 64;
    private static readonly byte[] Plain = Chk.RandomBytes(200);
    private static readonly AesKey Key = AesKey.From(Chk.RandomBytes(16));

    /// <summary>Where a flip cannot be seen since no reader looks there: informational sizes, the obsolete tree.</summary>
    private static readonly (int From, int To)[] Unread = [(0x04, 0x0c), (0x24 + 200, 0x24 + 200 + 224)];

    [Fact]
    public async Task EveryFlippedByteIsDetectedOrNeverRead()
    {
        var (cap, share) = await EncodeAsync();
        var tree = 0x24 + 200 + 224;

        // Inner nodes are recomputed from the leaves, and the place of the obsolete tree must only be within the share.
        (int From, int To)[] harmless = [(0x10, 0x14), (tree, tree + 96), (tree + 224, tree + 224 + 96)];
        for (var i = 0; i < share.Length; i++)
        {
            var changed = (byte[])share.Clone();
            changed[i] ^= 0x41;
            try
            {
                (await Chk.DecodeAsync(cap, changed)).ShouldBe(Plain);
                Unread.Concat(harmless).Any(r => i >= r.From && i < r.To).ShouldBeTrue($"byte {i} was flipped unnoticed");
            }
            catch (DamagedShareException)
            {
                Unread.Any(r => i >= r.From && i < r.To).ShouldBeFalse($"byte {i} is not read");
            }
        }
    }

    [Theory]
    [InlineData(3, ShareDamage.UnknownVersion)]
    [InlineData(0x0c, ShareDamage.Truncated)]
    [InlineData(0x18 + 3, ShareDamage.BadLayout)]
    [InlineData(0x24, ShareDamage.BadBlock)]
    [InlineData(0x24 + 199, ShareDamage.BadBlock)]
    [InlineData(0x24 + 200 + 224 + 96, ShareDamage.BadHashTree)]
    [InlineData(0x24 + 200 + 448 + 96, ShareDamage.BadHashTree)]
    [InlineData(0x24 + 200 + 672 + 5, ShareDamage.BadHashTree)]
    [InlineData(0x24 + 200 + 672 + 34 + 4, ShareDamage.UriExtensionMismatch)]
    public async Task DamageHasItsReason(int at, ShareDamage reason)
    {
        var (cap, share) = await EncodeAsync();
        share[at] ^= 0x41;
        var failure = await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(cap, share));
        failure.Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task EveryTruncationIsDetected()
    {
        var (cap, share) = await EncodeAsync();
        for (var length = 0; length < share.Length; length++)
        {
            var failure = await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(cap, share.AsMemory(0, length)));
            failure.Reason.ShouldBe(ShareDamage.Truncated);
        }
    }

    [Fact]
    public async Task ADamagedSegmentFailsEveryPartialReadAndLeavesTheOthersReadable()
    {
        var (cap, share) = await EncodeAsync();
        share[0x24 + SegmentSize] ^= 1;
        var decoder = await Chk.OpenAsync(cap, share);
        var read = new byte[10];
        for (var i = 0; i < 3; i++)
        {
            var failure = await Should.ThrowAsync<DamagedShareException>(async () => await decoder.ReadAsync(SegmentSize + 5, read, Chk.Cancel));
            failure.Reason.ShouldBe(ShareDamage.BadBlock);
            await decoder.ReadAsync(i * 7, read, Chk.Cancel);
            read.ShouldBe(Plain[(i * 7)..((i * 7) + 10)]);
        }
    }

    [Fact]
    public async Task ADamagedShareIsPassedOverForASoundOne()
    {
        var (cap, share) = await EncodeAsync();
        var decoder = await ChkDecoder.OpenAsync(
            cap, [new NumberedShare(0, new MemoryShareSource(new byte[900])), new NumberedShare(0, new MemoryShareSource(share))], Chk.Cancel);
        var read = new byte[200];
        await decoder.ReadAsync(0, read, Chk.Cancel);
        read.ShouldBe(Plain);
    }

    [Fact]
    public async Task ACapWithAnotherSizeIsRefused()
    {
        var (cap, share) = await EncodeAsync();
        foreach (var size in new long[] { 0, 1, 100, 257, 1 << 20, long.MaxValue })
        {
            await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(new ChkCap(cap.Key, cap.UebHash, 1, 1, size), share));
        }
    }

    [Fact]
    public async Task RandomBytesNeverCrashTheReader()
    {
        var (cap, share) = await EncodeAsync();
        var random = new Random(9);
        for (var i = 0; i < 2000; i++)
        {
            var changed = (byte[])share.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(random.Next(0x24)), random.Next(4) switch { 0 => -1, 1 => 0, 2 => int.MaxValue, _ => random.Next(1000) });
            }

            try
            {
                (await Chk.DecodeAsync(cap, changed)).ShouldBe(Plain);
            }
            catch (DamagedShareException)
            {
                // What the reader says of damage.
            }
        }
    }

    private static Task<(ChkCap Cap, byte[] Share)> EncodeAsync() => Chk.EncodeAsync(Plain, new ChkParameters(maxSegmentSize: SegmentSize), Key);
}
