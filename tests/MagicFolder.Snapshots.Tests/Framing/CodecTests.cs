using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Framing;

public sealed class CodecTests
{
    private static readonly PackRef Self = new("URI:CHK:self");
    private static readonly PackRef Other = new("URI:CHK:other");
    private static readonly BlobId Id = BlobId.Of("id"u8);

    private static readonly Place[] Places =
    [
        new(new BlobLocation(default, 8, 100, 100, BlobEncoding.Plain), null),
        new(new BlobLocation(Other, 70_000, 1000, 5000, BlobEncoding.Deflate), null),
        default,
        new(new BlobLocation(Other, 9, 50, 60, BlobEncoding.FramedDeflate), Id),
    ];

    private static readonly ChunkList List = new(0, [new ChunkListPart(Id, 1 << 20), new ChunkListPart(BlobId.Of("next"u8), 300_000)]);

    private static readonly PackedBlob[] Index =
    [
        new(Id, new BlobLocation(Self, 8, 100, 100, BlobEncoding.Plain)),
        new(BlobId.Of("next"u8), new BlobLocation(Self, 108, 50, 6000, BlobEncoding.FramedDeflate)),
    ];

    [Fact]
    public void ATableComesBackWithTheSamePackResolved()
    {
        var read = LocationTable.Decode(LocationTable.Encode(Places), Places.Length, Self);
        read.ShouldBe([new(Places[0].Location!.Value with { Pack = Self }, null), .. Places[1..]]);
    }

    [Fact]
    public void ATableOfAnotherLengthThanItsBlobIsRefused()
    {
        byte[] table = LocationTable.Encode(Places);
        foreach (int count in new[] { 0, 3, 5, 1 << 20 })
            Should.Throw<DamagedBytesException>(() => LocationTable.Decode(table, count, Self)).Reason.ShouldBeOneOf(DamageReason.Malformed, DamageReason.TooLarge);
    }

    [Fact]
    public void DamagedTablesEndInTheOneException() => Fuzz.Decoder(
        LocationTable.Encode(Places),
        bytes =>
        {
            LocationTable.Decode(bytes, Places.Length, Self);
            return bytes;
        });

    [Fact]
    public void AnEncodingOfTheFutureIsANewerFormat()
    {
        byte[] table = LocationTable.Encode([new(new BlobLocation(Other, 9, 60, 60, BlobEncoding.Plain), null)]);
        table[^1].ShouldBe((byte)0);
        table[^1] = 7;
        Should.Throw<DamagedBytesException>(() => LocationTable.Decode(table, 1, Self)).Reason.ShouldBe(DamageReason.NewerFormat);
    }

    [Fact]
    public void AChunkListComesBackFromItsBytes()
    {
        var read = ChunkList.Decode(List.Encode());
        read.Parts.ShouldBe(List.Parts);
        read.Level.ShouldBe(0);
        read.Size.ShouldBe((1 << 20) + 300_000);
    }

    [Fact]
    public void DamagedChunkListsEndInTheOneException() => Fuzz.Decoder(List.Encode(), bytes => ChunkList.Decode(bytes).Encode());

    [Fact]
    public void AChunkListWhoseLengthsOverflowIsMalformed()
    {
        var parts = ImmutableArray.Create(new ChunkListPart(Id, long.MaxValue));
        byte[] bytes = new ChunkList(1, parts).Encode();
        // The same part twice.
        byte[] twice = [.. bytes.AsSpan(0, 3), 0x84, .. bytes.AsSpan(4), .. bytes.AsSpan(4)];
        Should.Throw<DamagedBytesException>(() => ChunkList.Decode(twice)).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void ANewerChunkListIsRefusedAsSuch()
    {
        byte[] bytes = List.Encode();
        bytes[1] = 2;
        Should.Throw<DamagedBytesException>(() => ChunkList.Decode(bytes)).Reason.ShouldBe(DamageReason.NewerFormat);
    }

    [Fact]
    public void DamagedIndexesEndInTheOneException() => Fuzz.Decoder(PackIndex.Encode(Index), bytes => PackIndex.Encode(PackIndex.Decode(bytes, Self, 158)));

    [Fact]
    public void HugeDeclaredCountsAreRefusedBeforeAnythingIsAllocated()
    {
        byte[] huge = [0x9A, 0xFF, 0xFF, 0xFF, 0xFF];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<DamagedBytesException>(() => PackIndex.Decode(huge, Self, 1000));
        Should.Throw<DamagedBytesException>(() => LocationTable.Decode((byte[])[0x82, .. huge], 5, Self));
        Should.Throw<DamagedBytesException>(() => ChunkList.Decode((byte[])[0x83, 0x01, 0x00, .. huge]));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void FramesSplitWhereTheySay()
    {
        byte[] frame = BlobFrame.Encode("named"u8, "table"u8);
        BlobFrame.TrySplit(frame, out var named, out var table).ShouldBeTrue();
        named.ToArray().ShouldBe("named"u8.ToArray());
        table.ToArray().ShouldBe("table"u8.ToArray());
        BlobFrame.TrySplit(frame.AsMemory(0, 3), out _, out _).ShouldBeFalse();
        BlobFrame.TrySplit(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 1 }, out _, out _).ShouldBeFalse();
        BlobFrame.TrySplit(new byte[] { 0, 0, 0, 2, 1 }, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void TheBytesAreFrozen()
    {
        Convert.ToHexStringLower(List.Encode()).ShouldBe(Frozen.ChunkList);
        Convert.ToHexStringLower(LocationTable.Encode(Places)).ShouldBe(Frozen.Table);
        Convert.ToHexStringLower(PackIndex.Encode(Index)).ShouldBe(Frozen.PackIndex);
    }
}
