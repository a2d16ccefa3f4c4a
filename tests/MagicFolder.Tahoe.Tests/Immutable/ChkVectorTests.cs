using System.Security.Cryptography;
using System.Text;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

public sealed class ChkVectorTests
{
    private const int VectorSegmentSize = 131072;

    public static TheoryData<int> OneOfOne =>
        [.. KnownAnswers.VectorCases.Where(c => c.Text("format") == "chk" && c.Number("k") == 1 && c.Number("n") == 1).Select(c => c.Number("id"))];

    public static TheoryData<int> OneOfThree =>
        [.. KnownAnswers.VectorCases.Where(c => c.Text("format") == "chk" && c.Number("k") == 1 && c.Number("n") == 3).Select(c => c.Number("id"))];

    public static TheoryData<int> AllOfThem => [.. KnownAnswers.VectorCases.Where(c => c.Text("format") == "chk").Select(c => c.Number("id"))];

    [Theory]
    [MemberData(nameof(OneOfOne))]
    public async Task PublishedCapsComeOutAndReadBack(int id)
    {
        var vector = KnownAnswers.VectorCase(id);
        var plain = KnownAnswers.VectorData(vector);
        var (cap, share) = await Chk.EncodeAsync(plain, Parameters(vector), Convert.FromBase64String(vector.Text("convergence")));
        cap.ToUriString().ShouldBe(vector.Text("cap"));
        (await Chk.DecodeAsync(cap, share)).AsSpan().SequenceEqual(plain).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(OneOfThree))]
    public async Task PublishedCapsOfReplicatedFilesComeOutAndReadBackFromEveryShare(int id)
    {
        var vector = KnownAnswers.VectorCase(id);
        var plain = KnownAnswers.VectorData(vector);
        var secret = Convert.FromBase64String(vector.Text("convergence"));
        var key = await ConvergentKey.ComputeAsync(new MemoryStream(plain), plain.Length, secret, Parameters(vector), Chk.Cancel);
        MemoryStream[] shares = [new(), new(), new()];
        var cap = await new ChkEncoder(key, plain.Length, Parameters(vector)).EncodeAsync(new MemoryStream(plain), shares, Chk.Cancel);
        cap.ToUriString().ShouldBe(vector.Text("cap"));
        for (var i = 0; i < shares.Length; i++)
        {
            (await Chk.DecodeAsync(cap, shares[i].ToArray(), i)).AsSpan().SequenceEqual(plain).ShouldBeTrue();
            var wrong = await Should.ThrowAsync<DamagedShareException>(async () => await Chk.OpenAsync(cap, shares[i].ToArray(), 3));
            wrong.Reason.ShouldBe(ShareDamage.BadHashTree);
        }
    }

    [Theory]
    [MemberData(nameof(AllOfThem))]
    public async Task ConvergentKeysOfAllEncodingsComeOut(int id)
    {
        var vector = KnownAnswers.VectorCase(id);
        var plain = KnownAnswers.VectorData(vector);
        var secret = Convert.FromBase64String(vector.Text("convergence"));
        var key = await ConvergentKey.ComputeAsync(new MemoryStream(plain), plain.Length, secret, Parameters(vector), Chk.Cancel);
        key.ShouldBe(Cap.Parse<ChkCap>(vector.Text("cap")).Key);
    }

    [Fact]
    public async Task TheWorkedExampleComesOutByteForByte()
    {
        var (cap, share) = await Chk.EncodeAsync(
            Encoding.ASCII.GetBytes(new string('a', 56)), new ChkParameters(maxSegmentSize: VectorSegmentSize), Encoding.ASCII.GetBytes(new string('a', 16)));
        cap.ToUriString().ShouldBe("URI:CHK:yzxcoagbetwet65ltjpbqyli3m:6b7inuiha2xdtgqzd55i6aeggutnxzr6qfwpv2ep5xlln6pgef7a:1:1:56");
        share.Length.ShouldBe(531);
        Convert.ToHexStringLower(SHA256.HashData(share)).ShouldBe("db1d48ee34ddcfdba66e3491400526ba441cdb1734aeeffca61fe9797ef660e8");
    }

    [Fact]
    public async Task WithMoreThanOneNeededShareTheErrorNamesTheReason()
    {
        Should.Throw<DamagedShareException>(() => new ChkEncoder(default, 100, new ChkParameters(3, 10))).Reason.ShouldBe(ShareDamage.NeedsErasureCoding);
        var cap = new ChkCap(default, default, 3, 10, 100);
        var failure = await Should.ThrowAsync<DamagedShareException>(async () => await Chk.OpenAsync(cap, new byte[500]));
        failure.Reason.ShouldBe(ShareDamage.NeedsErasureCoding);
    }

    private static ChkParameters Parameters(System.Text.Json.JsonElement vector)
        => new(vector.Number("k"), vector.Number("n"), vector.Number("segsize"));
}
