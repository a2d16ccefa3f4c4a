using System.Text;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

public sealed class ChkFormatTests
{
    private const string Hash = "32:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,";

    [Fact]
    public void TheSecondWorkedExampleHasItsGeometryAndOffsets()
    {
        var geometry = ChkGeometry.ForWriting(100, new ChkParameters(3, 10, 40));
        geometry.SegmentSize.ShouldBe(42);
        geometry.SegmentCount.ShouldBe(3);
        geometry.TailSize.ShouldBe(16);
        geometry.PaddedTailSize.ShouldBe(18);
        var layout = ChkShareLayout.ForWriting(geometry, 5);
        new[] { layout.Data, layout.PlaintextTree, layout.CiphertextTree, layout.BlockTree, layout.Chain, layout.UriExtension }
            .ShouldBe([36L, 70L, 294L, 518L, 742L, 912L]);
    }

    [Fact]
    public void SharesBeyondFourGibibytesUseVersionTwo()
    {
        var geometry = ChkGeometry.ForWriting(5L << 30, ChkParameters.Default);
        var layout = ChkShareLayout.ForWriting(geometry, 1);
        layout.Version.ShouldBe(2);
        layout.Data.ShouldBe(0x44);
        ChkShareLayout.Parse(layout.WriteHeader(geometry), long.MaxValue).ShouldBe(layout);
        var small = ChkGeometry.ForWriting(1000, ChkParameters.Default);
        var first = ChkShareLayout.ForWriting(small, 1);
        first.Version.ShouldBe(1);
        ChkShareLayout.Parse(first.WriteHeader(small), 10_000).ShouldBe(first);
    }

    [Fact]
    public void OldAndUnknownFieldsOfTheUriExtensionAreIgnored()
    {
        var text = $"crypttext_root_hash:{Hash}plaintext_hash:{Hash}segment_size:2:64,share_root_hash:{Hash}zzz-future:3:abc,";
        var extension = UriExtension.Parse(Encoding.ASCII.GetBytes(text));
        extension.SegmentSize.ShouldBe(64);
        extension.ShareRoot.ShouldBe(Digest.From(Enumerable.Repeat((byte)'a', 32).ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("segment_size:2:64,")]
    [InlineData($"crypttext_root_hash:{Hash}share_root_hash:{Hash}")]
    [InlineData($"crypttext_root_hash:{Hash}segment_size:2:64,share_root_hash:3:abc,")]
    [InlineData($"crypttext_root_hash:{Hash}segment_size:2:6x,share_root_hash:{Hash}")]
    [InlineData($"crypttext_root_hash:{Hash}segment_size:0:,share_root_hash:{Hash}")]
    [InlineData($"crypttext_root_hash:{Hash}segment_size:2:-1,share_root_hash:{Hash}")]
    [InlineData($"crypttext_hash:1:a,crypttext_root_hash:{Hash}segment_size:2:64,share_root_hash:{Hash}")]
    [InlineData($"crypttext_root_hash:{Hash}segment_size:2:64,share_root_hash:{Hash}trailing")]
    [InlineData($":{Hash}")]
    public void ADamagedUriExtensionIsNamed(string text)
        => Should.Throw<DamagedShareException>(() => UriExtension.Parse(Encoding.ASCII.GetBytes(text))).Reason.ShouldBe(ShareDamage.BadUriExtension);

    [Fact]
    public void GeometryBeyondTheLimitsIsRefused()
    {
        ChkGeometry.ForReading(0, 1, 64).ShouldBeNull();
        ChkGeometry.ForReading(100, 1, 0).ShouldBeNull();
        ChkGeometry.ForReading(100, 3, 64).ShouldBeNull();
        ChkGeometry.ForReading(1L << 62, 1, 1 << 20).ShouldBeNull();
        ChkGeometry.ForReading(1L << 40, 1, long.MaxValue).ShouldBeNull();
        ChkGeometry.ForReading(1L << 40, 1, 1 << 20)!.Value.SegmentCount.ShouldBe(1 << 20);
    }
}
