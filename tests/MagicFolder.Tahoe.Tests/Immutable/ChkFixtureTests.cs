using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

public sealed class ChkFixtureTests
{
    public static TheoryData<int> Files => [.. KnownAnswers.Immutable.Select(i => i.Number("input_size"))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task FilesWrittenByTahoeAreReadAndWrittenByteForByte(int size)
    {
        var item = KnownAnswers.Immutable.Single(i => i.Number("input_size") == size);
        var cap = Cap.Parse<ImmutableCap>(item.Text("cap"));
        cap.Size.ShouldBe(size);
        if (cap is LiteralCap literal)
        {
            Sha256(literal.Data.Span).ShouldBe(item.Text("sha256"));
            new LiteralCap(literal.Data.Span).ToUriString().ShouldBe(item.Text("cap"));
            return;
        }

        var chk = (ChkCap)cap;
        chk.ToVerifyCap().ToUriString().ShouldBe(item.Text("verify_uri"));
        var share = KnownAnswers.ImmutableShare(chk.StorageIndex);
        var plain = await Chk.DecodeAsync(chk, share);
        Sha256(plain).ShouldBe(item.Text("sha256"));

        var (again, shareAgain) = await Chk.EncodeAsync(plain, ChkParameters.Default, KnownAnswers.ConvergenceSecret);
        again.ShouldBe(chk);
        shareAgain.AsSpan().SequenceEqual(share).ShouldBeTrue();
    }

    [Fact]
    public async Task AnImmutableDirectoryHasTheContentThatTahoeSaw()
    {
        var item = KnownAnswers.Directories.Single(d => d.Text("name") == "DIR2-CHK");
        var cap = Cap.Parse<ChkCap>(item.Text("raw_file_cap"));
        (await Chk.DecodeAsync(cap, KnownAnswers.ImmutableShare(cap.StorageIndex))).ShouldBe(KnownAnswers.PackedDirectory("DIR2-CHK"));
        var literal = KnownAnswers.Directories.Single(d => d.Text("name") == "DIR2-LIT");
        Cap.Parse<LiteralCap>(literal.Text("raw_file_cap")).Data.ToArray().ShouldBe(KnownAnswers.PackedDirectory("DIR2-LIT"));
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
