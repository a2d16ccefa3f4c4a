using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>Shares that the real Tahoe-LAFS made with k = 2, n = 3, and the published vectors of all encodings.</summary>
public sealed class SdmfSpreadFixtureTests
{
    private static readonly FixtureGrid Grid = KnownAnswers.TwoOfThree;

    private static readonly int[][] Pairs = [[0, 1], [2, 0], [1, 2], [2, 1, 0]];

    public static TheoryData<string> Files => [.. Grid.Mutable.Where(m => m.Text("format") == "SDMF").Select(m => m.Text("rw_uri"))];

    public static TheoryData<string> Directories => [.. Grid.Directories
        .Where(d => d.Text("raw_file_cap").StartsWith("URI:SSK:", StringComparison.Ordinal)).Select(d => d.Text("name"))];

    public static TheoryData<int> Vectors => [.. KnownAnswers.VectorCases.Where(c => c.Text("format") == "sdmf").Select(c => c.Number("id"))];

    [Theory]
    [MemberData(nameof(Files))]
    public void AnyTwoSharesGiveTheFile(string writeCap)
    {
        var item = Grid.Mutable.Single(m => m.Text("rw_uri") == writeCap);
        var cap = Cap.Parse<MutableWriteCap>(writeCap);
        var shares = Grid.MutableShares(cap.StorageIndex);
        foreach (var pair in Pairs)
        {
            var version = Sdmf.Read(cap.ToReadCap(), Pick(shares, pair));
            Convert.ToHexStringLower(SHA256.HashData(version.Content.Span)).ShouldBe(item.Text("sha256"));
            version.Seqnum.ShouldBe(item.GetProperty("seqnum").ValueKind == System.Text.Json.JsonValueKind.Number ? item.Number("seqnum") : 4);
            version.Checkstring.ToArray().ShouldBe(shares[0][..57]);
        }

        using var given = MutableKeys.FromPkcs1(Grid.PrivateKey(item.Text("private_key")));
        foreach (var share in shares)
        {
            using var stored = SdmfReader.ReadKeys(SdmfShare.Parse(share), cap);
            stored.PrivateKey.ToArray().ShouldBe(given.PrivateKey.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void TheSameVersionIsWrittenByteForByteExceptTheSignature(string writeCap)
    {
        var item = Grid.Mutable.Single(m => m.Text("rw_uri") == writeCap);
        var cap = Cap.Parse<MutableWriteCap>(writeCap);
        var shares = Grid.MutableShares(cap.StorageIndex);
        var version = Sdmf.Read(cap.ToReadCap(), Pick(shares, [0, 1, 2]));
        using var keys = MutableKeys.FromPkcs1(Grid.PrivateKey(item.Text("private_key")));
        var publication = SdmfPublisher.Build(keys, version.Seqnum, version.Content.Span, SdmfShare.Parse(shares[0]).Iv.Span, 2, 3);
        publication.Shares.Count.ShouldBe(3);
        for (var i = 0; i < 3; i++)
        {
            var theirs = SdmfShare.Parse(shares[i]);
            var written = publication.Shares[i].ToArray();
            theirs.Signature.CopyTo(written.AsMemory(107 + theirs.PublicKey.Length));
            written.AsSpan().SequenceEqual(shares[i].AsSpan(0, written.Length)).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void MissingSharesAreMadeAgainByteForByteWithoutAnyKey(string writeCap)
    {
        var cap = Cap.Parse<MutableWriteCap>(writeCap).ToVerifyCap();
        var shares = Grid.MutableShares(cap.StorageIndex);
        foreach (var pair in Pairs)
        {
            var made = ((SdmfVersionShares)Sdmf.Map(cap, Pick(shares, pair)).RequireBest()).Remake();
            for (var i = 0; i < 3; i++)
            {
                made.Shares[i].Span.SequenceEqual(shares[i].AsSpan(0, made.Shares[i].Length)).ShouldBeTrue();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void MutableDirectoriesHaveTheContentThatTahoeSaw(string name)
    {
        var cap = Cap.Parse<MutableWriteCap>(Grid.Directories.Single(d => d.Text("name") == name).Text("raw_file_cap"));
        foreach (var pair in Pairs)
        {
            Sdmf.Read(cap.ToReadCap(), Pick(Grid.MutableShares(cap.StorageIndex), pair)).Content.ToArray().ShouldBe(Grid.PackedDirectory(name));
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void PublishedVectorsHaveTheirCapAndReadBackFromAnyShares(int id)
    {
        var vector = KnownAnswers.VectorCase(id);
        var (k, n) = (vector.Number("k"), vector.Number("n"));
        using var keys = MutableKeys.FromPkcs1(Convert.FromBase64String(vector.Text("rsaPrivateKeyPkcs1Base64")));
        keys.ToWriteCap().ToUriString().ShouldBe(vector.Text("cap"));
        var content = KnownAnswers.VectorData(vector);
        var publication = SdmfPublisher.Build(keys, 1, content, new byte[16], k, n);
        var chosen = Pick(publication.Shares, Chk.RandomNumbers(k, n, new Random(id)));
        Sdmf.Read(keys.ToWriteCap().ToReadCap(), chosen).Content.ToArray().ShouldBe(content);
    }

    private static NumberedShare[] Pick(byte[][] shares, int[] numbers) => Array.ConvertAll(numbers, i => Sdmf.Share(i, shares[i]));

    private static NumberedShare[] Pick(IReadOnlyList<ReadOnlyMemory<byte>> shares, int[] numbers)
        => Array.ConvertAll(numbers, i => Sdmf.Share(i, shares[i]));
}
