using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

public sealed class ChkVectorTests
{
    private const int VectorSegmentSize = 131072;

    public static TheoryData<int> AllOfThem => [.. KnownAnswers.VectorCases.Where(c => c.Text("format") == "chk").Select(c => c.Number("id"))];

    [Theory]
    [MemberData(nameof(AllOfThem))]
    public async Task PublishedCapsComeOutAndReadBackFromAnyShares(int id)
    {
        var vector = KnownAnswers.VectorCase(id);
        var plain = KnownAnswers.VectorData(vector);
        var parameters = Parameters(vector);
        var key = await ConvergentKey.ComputeAsync(
            new MemoryStream(plain), plain.Length, Convert.FromBase64String(vector.Text("convergence")), parameters, Chk.Cancel);
        var (cap, shares) = await Chk.EncodeAllAsync(plain, parameters, key);
        cap.ToUriString().ShouldBe(vector.Text("cap"));

        var random = new Random(id);
        (await Chk.DecodeAsync(cap, Chk.Pick(shares, Chk.RandomNumbers(parameters.K, parameters.N, random)))).AsSpan().SequenceEqual(plain).ShouldBeTrue();
        var last = Enumerable.Range(parameters.N - parameters.K, parameters.K).ToArray();
        (await Chk.DecodeAsync(cap, Chk.Pick(shares, last))).AsSpan().SequenceEqual(plain).ShouldBeTrue();
    }

    [Fact]
    public async Task AShareUnderAnotherNumberDoesNotVerify()
    {
        var (cap, shares) = await Chk.EncodeAllAsync(Chk.RandomBytes(100), new ChkParameters(2, 3), default);
        foreach (var number in new[] { 0, 2, 3, -1, int.MaxValue })
        {
            var wrong = new NumberedShare(number, new MemoryShareSource(shares[1]));
            var sound = Chk.Pick(shares, number == 0 ? 2 : 0)[0];
            var failure = await Should.ThrowAsync<DamagedShareException>(async () => await ChkDecoder.OpenAsync(cap, [sound, wrong], Chk.Cancel));
            failure.Reason.ShouldBe(ShareDamage.TooFewShares);
            failure.InnerException.ShouldBeOfType<DamagedShareException>().Reason.ShouldBe(ShareDamage.BadHashTree);
            failure.Message.ShouldContain($"Share {number}: ");
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
    public async Task TheSecondWorkedExampleComesOut()
    {
        var plain = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();
        var parameters = new ChkParameters(3, 10, 40);
        var key = await ConvergentKey.ComputeAsync(new MemoryStream(plain), plain.Length, Encoding.ASCII.GetBytes(new string('a', 16)), parameters, Chk.Cancel);
        Convert.ToHexStringLower(key.ToArray()).ShouldBe("406b7ced3ac03df7d04fd147b0bd7e42");
        var (cap, shares) = await Chk.EncodeAllAsync(plain, parameters, key);
        cap.ToUriString().ShouldBe("URI:CHK:ibvxz3j2ya67pucp2fd3bpl6ii:7pxez2canfv7hoozysy2dnnukooam4wzfccm7at2rprsxl6igo2q:3:10:100");
        cap.StorageIndex.ToString().ShouldBe("lpkjwqtlbiccrhq6e427lzrctm");
        Hex(shares[0], 36, 14).ShouldBe("d671ff70a727c4b14af5c8b7b99e");
        Hex(shares[3], 36, 14).ShouldBe("c9cef7a678bf2e8b2a940b2ba26f");
        Hex(shares[9], 36 + 28, 6).ShouldBe("9a68bd5568d5");
        Hex(shares[0], 518, 32).ShouldBe("7f441fa48f14bc98bbd320a9efc9fe4b259b33d3e1658383cf09d0e7142743bc");
        Hex(shares[3], 518, 32).ShouldBe("db41ca5179a5548e1226eed204b955c579b9513fee4720617227c0aad95e6c60");
        Hex(shares[3], 294, 32).ShouldBe("0483792e4e15559d7cea60bf098f2947ed7ee3ca211624e1c3a169aef021dc8a");
        Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadUInt16BigEndian(shares[3].AsSpan(742 + (34 * i)))).ShouldBe([(ushort)2, (ushort)4, (ushort)7, (ushort)17, (ushort)18]);
        Convert.ToHexStringLower(SHA256.HashData(shares[3])).ShouldBe("af40664350c0f03d1eb01fadb34ea848400fc89680eb2563f6d08a50471d4c37");
    }

    private static string Hex(byte[] bytes, int at, int length) => Convert.ToHexStringLower(bytes.AsSpan(at, length));

    private static ChkParameters Parameters(System.Text.Json.JsonElement vector)
        => new(vector.Number("k"), vector.Number("n"), vector.Number("segsize"));
}
