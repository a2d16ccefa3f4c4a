using System.Security.Cryptography;
using System.Text.Json;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>MDMF shares that the real Tahoe-LAFS made with k = n = 1 and with k = 2, n = 3, and the published vectors of all encodings.</summary>
public sealed class MdmfFixtureTests
{
    private static readonly int[][] Pairs = [[0, 1], [2, 0], [1, 2], [2, 1, 0]];

    /// <summary>Grid, and write cap as a file.</summary>
    public static TheoryData<string, string> Files
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (name, grid) in new[] { ("1of1", KnownAnswers.OneOfOne), ("2of3", KnownAnswers.TwoOfThree) })
            {
                foreach (var item in grid.Mutable.Where(m => m.Text("format") == "MDMF"))
                {
                    data.Add(name, item.Text("rw_uri"));
                }

                foreach (var item in grid.Directories.Where(d => d.Text("raw_file_cap").StartsWith("URI:MDMF:", StringComparison.Ordinal)))
                {
                    data.Add(name, item.Text("raw_file_cap"));
                }
            }

            return data;
        }
    }

    public static TheoryData<int> Vectors => [.. KnownAnswers.VectorCases.Where(c => c.Text("format") == "mdmf").Select(c => c.Number("id"))];

    [Fact]
    public void AllOfThemAreThere() => (Files.Count, Vectors.Count).ShouldBe((18, 36));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task FilesAreReadThroughAnySharesAsAWholeAndInRanges(string grid, string writeCap)
    {
        var (cap, item, shares) = Find(grid, writeCap);
        var hash = item.TryGetProperty("sha256", out var known) ? known.GetString() : Convert.ToHexStringLower(SHA256.HashData([]));
        foreach (var numbers in shares.Length == 1 ? [[0]] : Pairs)
        {
            var picked = Chk.Pick(shares, numbers);
            var content = await Mdmf.ReadAsync(cap, picked);
            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(hash);
            var reader = new MdmfReader((await Mdmf.BestAsync(cap, picked)), cap.ToReadCap());
            foreach (var (from, to) in new[] { (0, 1), (131071, 131073), (131072, 262144), (130000, 400000), (content.Length - 1, content.Length), (content.Length, content.Length) })
            {
                if (from >= 0 && to <= content.Length)
                {
                    var range = new byte[to - from];
                    await reader.ReadAsync(from, range, Chk.Cancel);
                    range.ShouldBe(content[from..to]);
                }
            }

            reader.Troubles.ShouldBeEmpty();
        }

        foreach (var share in Mdmf.All(shares))
        {
            await MutableShareVerifier.VerifyAsync(cap.ToVerifyCap(), share, Chk.Cancel);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task TheSameVersionIsWrittenByteForByteExceptTheSignature(string grid, string writeCap)
    {
        var (cap, item, shares) = Find(grid, writeCap);
        var version = (await Mdmf.BestAsync(cap, Mdmf.All(shares)));
        version.CanBeUpdated.ShouldBeTrue();
        using var keys = MutableKeys.FromPkcs1(GridOf(grid).PrivateKey(item.Text("private_key")));
        using var stored = version.ReadKeys(cap);
        stored.PrivateKey.ToArray().ShouldBe(keys.PrivateKey.ToArray());
        var content = await Mdmf.ReadAsync(cap, Mdmf.All(shares));
        var salts = new GivenSalts(SaltsOf(shares[0], content.Length, version.K));
        var (publication, written) = await Mdmf.PublishAsync(keys, version.Seqnum, content, salts, version.K, version.N);
        salts.Left.ShouldBe(0);
        publication.Checkstring.ToArray().ShouldBe(shares[0][..41]);
        ShouldBeTheSame(written, shares);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task MissingSharesAreMadeAgainByteForByteWithoutAnyKey(string grid, string writeCap)
    {
        var (cap, _, shares) = Find(grid, writeCap);
        foreach (var numbers in shares.Length == 1 ? [[0]] : Pairs)
        {
            var made = await Mdmf.RemakeAsync((await Mdmf.BestAsync(cap, Chk.Pick(shares, numbers))));
            made.Length.ShouldBe(shares.Length);
            for (var i = 0; i < made.Length; i++)
            {
                made[i].AsSpan().SequenceEqual(shares[i].AsSpan(0, made[i].Length)).ShouldBeTrue();
            }
        }
    }

    /// <summary>The file that Tahoe-LAFS patched in place: from another content of the two touched segments we get to its shares by the same write.</summary>
    [Theory]
    [InlineData("1of1")]
    [InlineData("2of3")]
    public async Task TheUpdateInPlaceOfTahoeIsMadeByteForByteExceptTheSignature(string grid)
    {
        var item = GridOf(grid).Mutable.Single(m => m.TryGetProperty("note", out var note) && note.GetString()!.Contains("PATCHED", StringComparison.Ordinal));
        var (cap, _, shares) = Find(grid, item.Text("rw_uri"));
        using var keys = MutableKeys.FromPkcs1(GridOf(grid).PrivateKey(item.Text("private_key")));
        var content = await Mdmf.ReadAsync(cap, Mdmf.All(shares));
        var k = shares.Length == 1 ? 1 : 2;
        var salts = SaltsOf(shares[0], content.Length, k).ToArray();
        var patch = content[131000..131320];
        patch.ShouldBe([.. Enumerable.Repeat("PATCHED-IN-PLACE"u8.ToArray(), 20).SelectMany(bytes => bytes)]);
        var before = (byte[])content.Clone();
        Chk.RandomBytes(320).CopyTo(before, 131000);

        var (_, former) = await Mdmf.PublishAsync(keys, 1, before, new GivenSalts([Chk.RandomBytes(16, 2), Chk.RandomBytes(16, 3), .. salts[2..]]), k, shares.Length);
        var (update, written) = await Mdmf.UpdateAsync(former, keys, 2, 131000, patch, new GivenSalts(salts[..2]));
        update.BlocksAt.ShouldBe(2167);
        update.BlocksLength.ShouldBe(2 * (16 + (131072 / k)));
        ShouldBeTheSame(written, shares);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task PublishedVectorsHaveTheirCapAndReadBackFromAnyShares(int id)
    {
        var vector = KnownAnswers.VectorCase(id);
        var (k, n) = (vector.Number("k"), vector.Number("n"));
        using var keys = MutableKeys.FromPkcs1(Convert.FromBase64String(vector.Text("rsaPrivateKeyPkcs1Base64")));
        var cap = keys.ToWriteCap(MutableFormat.Mdmf);
        cap.ToUriString().ShouldBe(vector.Text("cap"));
        var content = KnownAnswers.VectorData(vector);
        var (_, shares) = await Mdmf.PublishAsync(keys, 1, content, new SeededSalts(id), k, n);
        (await Mdmf.ReadAsync(cap, Chk.Pick(shares, Chk.RandomNumbers(k, n, new Random(id))))).ShouldBe(content);
    }

    private static FixtureGrid GridOf(string name) => name == "1of1" ? KnownAnswers.OneOfOne : KnownAnswers.TwoOfThree;

    private static (MutableWriteCap Cap, JsonElement Item, byte[][] Shares) Find(string grid, string writeCap)
    {
        var cap = Cap.Parse<MutableWriteCap>(writeCap);
        var item = GridOf(grid).Mutable.Concat(GridOf(grid).Directories)
            .Single(entry => (entry.TryGetProperty("raw_file_cap", out var raw) ? raw : entry.GetProperty("rw_uri")).GetString() == writeCap);
        return (cap, item, GridOf(grid).MutableShares(cap.StorageIndex));
    }

    private static IEnumerable<byte[]> SaltsOf(byte[] share, int length, int k)
        => Enumerable.Range(0, (length + 131071) / 131072).Select(s => share.AsSpan(Mdmf.SaltAt(s, k), 16).ToArray());

    private static void ShouldBeTheSame(byte[][] written, byte[][] shares)
    {
        written.Length.ShouldBe(shares.Length);
        for (var i = 0; i < written.Length; i++)
        {
            var signatureAt = (int)System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(shares[i].AsSpan(75));
            shares[i].AsSpan(signatureAt, 256).CopyTo(written[i].AsSpan(signatureAt));
            written[i].AsSpan().SequenceEqual(shares[i].AsSpan(0, written[i].Length)).ShouldBeTrue();
        }
    }
}
