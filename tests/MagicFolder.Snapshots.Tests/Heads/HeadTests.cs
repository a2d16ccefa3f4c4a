using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Tests.Doubles;
using MagicFolder.Snapshots.Tests.Framing;

namespace MagicFolder.Snapshots.Tests.Heads;

public sealed class HeadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Head.MaxRetained)]
    public void AHeadComesBackFromItsBytes(int retained)
    {
        var head = Make(retained);
        byte[] bytes = head.Encode();
        var read = Head.Decode(bytes);
        read.ShouldBe(head);
        read.Encode().ShouldBe(bytes);
        read.Retained.ShouldBe(head.Retained);
        read.Location.ShouldBe(head.Location);
        read.ToObservation().ShouldBe(head.ToObservation());
        bytes.Length.ShouldBeLessThan(100_000);
    }

    [Fact]
    public void TheBytesAreFrozen() => Convert.ToHexStringLower(Make(0).Encode()).ShouldBe(Frozen.Head);

    [Fact]
    public void ANewerHeadIsRefusedAsSuch()
    {
        byte[] bytes = Make(1).Encode();
        bytes[1] = 2;
        Should.Throw<DamagedBytesException>(() => Head.Decode(bytes)).Reason.ShouldBe(DamageReason.NewerFormat);
        // Whatever else the newer format has.
        Should.Throw<DamagedBytesException>(() => Head.Decode(new byte[] { 0x83, 0x18, 0x63, 0xF6, 0xF6 })).Reason.ShouldBe(DamageReason.NewerFormat);
    }

    [Fact]
    public void AHistoryThatNamesASnapshotTwiceIsRefused()
    {
        byte[] bytes = Make(2).Encode();
        int second = bytes.AsSpan().IndexOf(BlobId.Of([2]).ToArray());
        BlobId.Of([1]).ToArray().CopyTo(bytes.AsSpan(second));
        Should.Throw<DamagedBytesException>(() => Head.Decode(bytes)).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void DamagedHeadsEndInTheOneException() => Fuzz.Decoder(Make(3).Encode(), bytes => Head.Decode(bytes).Encode());

    [Fact]
    public void AHeadDoesNotPrintItsCaps() => Make(1).ToString().ShouldNotContain("URI");

    internal static Head Make(int retained) => new(
        Room.Folder,
        Room.Alice,
        [.. Enumerable.Range(0, 16).Select(i => (byte)i)],
        [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
        17,
        BlobId.Of("snapshot"u8),
        [0xAA, 0xBB],
        new BlobLocation(new PackRef("URI:CHK:newest"), 8, 100, 200, BlobEncoding.FramedDeflate),
        [.. Enumerable.Range(1, retained).Select(seq => new RetainedSnapshot(
            BlobId.Of([(byte)seq]), seq, -seq, BlobId.Of("root"u8), new BlobLocation(new PackRef($"URI:CHK:pack{seq % 7}"), seq, 10, 10, BlobEncoding.Framed)))]);
}
