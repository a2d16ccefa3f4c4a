using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

/// <summary>Shares that the real Tahoe-LAFS made of files with k = 2, n = 3.</summary>
public sealed class ChkSpreadFixtureTests
{
    private static readonly FixtureGrid Grid = KnownAnswers.TwoOfThree;

    private static readonly int[][] Pairs = [[0, 1], [0, 2], [1, 2], [2, 1]];

    public static TheoryData<int> Files => [.. Grid.Immutable.Where(item => item.Number("input_size") > LiteralCap.MaxSize).Select(item => item.Number("input_size"))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task AnyTwoSharesGiveTheFileAndWritingItGivesTheSharesByteForByte(int size)
    {
        var item = Grid.Immutable.Single(i => i.Number("input_size") == size);
        var cap = Cap.Parse<ChkCap>(item.Text("cap"));
        cap.ToVerifyCap().ToUriString().ShouldBe(item.Text("verify_uri"));
        var shares = Grid.ImmutableShares(cap.StorageIndex);
        byte[] plain = [];
        foreach (var pair in Pairs)
        {
            plain = await Chk.DecodeAsync(cap, Chk.Pick(shares, pair));
            Convert.ToHexStringLower(SHA256.HashData(plain)).ShouldBe(item.Text("sha256"));
        }

        var parameters = new ChkParameters(2, 3);
        var key = await ConvergentKey.ComputeAsync(new MemoryStream(plain), size, KnownAnswers.ConvergenceSecret, parameters, Chk.Cancel);
        var (again, sharesAgain) = await Chk.EncodeAllAsync(plain, parameters, key);
        again.ShouldBe(cap);
        AllEqual(sharesAgain, shares).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task SharesAreVerifiedAndRepairedByteForByteWithoutTheKey(int size)
    {
        var cap = Cap.Parse<ChkVerifyCap>(Grid.Immutable.Single(i => i.Number("input_size") == size).Text("verify_uri"));
        var shares = Grid.ImmutableShares(cap.StorageIndex);
        foreach (var share in Chk.Pick(shares, 0, 1, 2))
        {
            await ChkShareVerifier.VerifyAsync(cap, share, Chk.Cancel);
        }

        foreach (var pair in Pairs)
        {
            AllEqual(await Chk.RepairAsync(cap, Chk.Pick(shares, pair)), shares).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task AnImmutableDirectoryHasTheContentThatTahoeSaw()
    {
        var item = Grid.Directories.Single(d => d.Text("name") == "DIR2-CHK");
        var cap = Cap.Parse<ChkCap>(item.Text("raw_file_cap"));
        foreach (var pair in Pairs)
        {
            (await Chk.DecodeAsync(cap, Chk.Pick(Grid.ImmutableShares(cap.StorageIndex), pair))).ShouldBe(Grid.PackedDirectory("DIR2-CHK"));
        }
    }

    private static bool AllEqual(byte[][] left, byte[][] right)
        => left.Length == right.Length && left.Zip(right).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
