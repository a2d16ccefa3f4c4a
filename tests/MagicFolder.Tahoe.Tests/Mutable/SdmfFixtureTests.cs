using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

public sealed class SdmfFixtureTests
{
    public static TheoryData<string> Files => [.. KnownAnswers.Mutable.Where(m => m.Text("format") == "SDMF").Select(m => m.Text("rw_uri"))];

    public static TheoryData<string> MdmfFiles => [.. KnownAnswers.Mutable.Where(m => m.Text("format") == "MDMF").Select(m => m.Text("rw_uri"))];

    public static TheoryData<string> Directories => [.. KnownAnswers.Directories
        .Where(d => d.Text("raw_file_cap").StartsWith("URI:SSK:", StringComparison.Ordinal)).Select(d => d.Text("name"))];

    [Theory]
    [MemberData(nameof(Files))]
    public void FilesWrittenByTahoeAreRead(string writeCap)
    {
        var item = KnownAnswers.Mutable.Single(m => m.Text("rw_uri") == writeCap);
        var cap = Cap.Parse<MutableWriteCap>(writeCap);
        var share = KnownAnswers.MutableShare(cap.StorageIndex);
        var version = SdmfReader.Read(share, 0, cap.ToReadCap());
        Convert.ToHexStringLower(SHA256.HashData(version.Content.Span)).ShouldBe(item.Text("sha256"));
        version.Seqnum.ShouldBe(item.GetProperty("seqnum").ValueKind == System.Text.Json.JsonValueKind.Number ? item.Number("seqnum") : 4);
        version.Checkstring.ToArray().ShouldBe(share[..57]);

        using var given = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey(item.Text("private_key")));
        given.ToWriteCap().ShouldBe(cap);
        using var stored = SdmfReader.ReadKeys(SdmfShare.Parse(share), cap);
        stored.PrivateKey.ToArray().ShouldBe(given.PrivateKey.ToArray());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void TheSameVersionIsWrittenByteForByteExceptTheSignature(string writeCap)
    {
        var item = KnownAnswers.Mutable.Single(m => m.Text("rw_uri") == writeCap);
        var cap = Cap.Parse<MutableWriteCap>(writeCap);
        var bytes = KnownAnswers.MutableShare(cap.StorageIndex);
        var share = SdmfShare.Parse(bytes);
        var version = SdmfReader.Read(bytes, 0, cap.ToReadCap());
        using var keys = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey(item.Text("private_key")));
        var publication = SdmfPublisher.Build(keys, version.Seqnum, version.Content.Span, share.Iv.Span);
        var written = publication.Shares.ShouldHaveSingleItem().ToArray();

        var signatureAt = 107 + share.PublicKey.Length;
        share.Signature.CopyTo(written.AsMemory(signatureAt));
        written.AsSpan().SequenceEqual(bytes.AsSpan(0, written.Length)).ShouldBeTrue();
        publication.Checkstring.ToArray().ShouldBe(version.Checkstring.ToArray());
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void MutableDirectoriesHaveTheContentThatTahoeSaw(string name)
    {
        var item = KnownAnswers.Directories.Single(d => d.Text("name") == name);
        var cap = Cap.Parse<MutableWriteCap>(item.Text("raw_file_cap"));
        var version = SdmfReader.Read(KnownAnswers.MutableShare(cap.StorageIndex), 0, cap.ToReadCap());
        version.Content.ToArray().ShouldBe(KnownAnswers.PackedDirectory(name));
    }

    [Theory]
    [MemberData(nameof(MdmfFiles))]
    public void MdmfSharesAreNamedAsSuch(string writeCap)
    {
        var cap = Cap.Parse<MutableWriteCap>(writeCap);
        var failure = Should.Throw<DamagedShareException>(() => SdmfReader.Read(KnownAnswers.MutableShare(cap.StorageIndex), 0, cap.ToReadCap()));
        failure.Reason.ShouldBe(ShareDamage.NeedsMdmf);
    }
}
