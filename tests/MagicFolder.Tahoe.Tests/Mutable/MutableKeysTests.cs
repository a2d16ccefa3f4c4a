using System.Security.Cryptography;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

public sealed class MutableKeysTests
{
    private static readonly byte[] Pkcs1 = Convert.FromBase64String(KnownAnswers.VectorCase(1).Text("rsaPrivateKeyPkcs1Base64"));

    [Fact]
    public void ThePublishedKeyHasTheWorkedBytesAndCaps()
    {
        using var keys = MutableKeys.FromPkcs1(Pkcs1);
        keys.PrivateKey.Length.ShouldBe(1218);
        Sha256(keys.PrivateKey.Span).ShouldBe("4bcadcbb5fec17298cda7e469ccb0addf9356655ec1d4e5664709b0976d8ce8b");
        keys.PublicKey.Length.ShouldBe(294);
        Sha256(keys.PublicKey.Span).ShouldBe("4a1d54f1f0e62b21156a7af08fa95d0a751632d3053c2e7dc4647a7d67231208");
        keys.ToWriteCap().ToUriString().ShouldBe("URI:SSK:fs6ul2fju2fvb2cfx7gt6ngycm:hncpinwszbggrurbvuaaexnftk3j5wfr7473pj2g734mo2isxlbq");
        keys.ToString().ShouldNotContain("fs6ul2");
    }

    [Fact]
    public void AllEncodingsOfOneKeyGiveOneCap()
    {
        using var keys = MutableKeys.FromPkcs1(Pkcs1);
        using var fromPkcs8 = MutableKeys.FromPkcs8(keys.PrivateKey.Span);
        using var fromPem1 = MutableKeys.FromPem(PemEncoding.WriteString("RSA PRIVATE KEY", Pkcs1));
        using var fromPem8 = MutableKeys.FromPem(PemEncoding.WriteString("PRIVATE KEY", keys.PrivateKey.Span));
        fromPkcs8.ToWriteCap().ShouldBe(keys.ToWriteCap());
        fromPem1.ToWriteCap().ShouldBe(keys.ToWriteCap());
        fromPem8.ToWriteCap().ShouldBe(keys.ToWriteCap());
    }

    [Fact]
    public void AGeneratedKeyHasTheFormOfTheSpecificationAndReadsBack()
    {
        using var keys = MutableKeys.Generate();
        keys.PrivateKey.Length.ShouldBeInRange(1210, 1220);
        Convert.ToHexStringLower(keys.PrivateKey.Span[4..26]).ShouldBe("020100300d06092a864886f70d0101010500048204" + Convert.ToHexStringLower(keys.PrivateKey.Span[25..26]));
        keys.PublicKey.Length.ShouldBe(294);
        using var platform = RSA.Create();
        platform.ImportSubjectPublicKeyInfo(keys.PublicKey.Span, out var read);
        read.ShouldBe(294);
        platform.ExportSubjectPublicKeyInfo().ShouldBe(keys.PublicKey.ToArray());
        using var back = MutableKeys.FromPkcs8(keys.PrivateKey.Span);
        back.ToWriteCap().ShouldBe(keys.ToWriteCap());
    }

    [Fact]
    public void StatementsVerifyAndChangedOnesDoNot()
    {
        using var keys = MutableKeys.FromPkcs1(Pkcs1);
        using var others = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey("key01.pem"));
        var statement = "magic-folder: statement"u8.ToArray();
        var signature = keys.SignStatement(statement);
        signature.Length.ShouldBe(StatementSignature.Length);
        StatementSignature.Verify(keys.PublicKey.Span, statement, signature).ShouldBeTrue();
        StatementSignature.Verify(others.PublicKey.Span, statement, signature).ShouldBeFalse();
        StatementSignature.Verify(keys.PublicKey.Span, "magic-folder: another"u8, signature).ShouldBeFalse();
        StatementSignature.Verify(keys.PublicKey.Span, statement, signature.AsSpan(1)).ShouldBeFalse();
        StatementSignature.Verify(keys.PublicKey.Span[1..], statement, signature).ShouldBeFalse();
        StatementSignature.Verify([], statement, signature).ShouldBeFalse();
        signature[17] ^= 1;
        StatementSignature.Verify(keys.PublicKey.Span, statement, signature).ShouldBeFalse();
    }

    [Fact]
    public void AShareHeaderCannotBeSignedAsAStatement()
    {
        using var keys = MutableKeys.FromPkcs1(Pkcs1);
        Should.Throw<ArgumentException>(() => keys.SignStatement(new byte[75]));
        Should.Throw<ArgumentException>(() => keys.SignStatement([1, 2, 3]));
    }

    [Fact]
    public void WhatIsNoKeyIsRefused()
    {
        using var small = RSA.Create(1024);
        var bad = new Action[]
        {
            () => MutableKeys.FromPkcs8([]),
            () => MutableKeys.FromPkcs8(new byte[100]),
            () => MutableKeys.FromPkcs8(new byte[100_000]),
            () => MutableKeys.FromPkcs1(Pkcs1.AsSpan(1)),
            () => MutableKeys.FromPkcs1([.. Pkcs1, 0]),
            () => MutableKeys.FromPkcs1(small.ExportRSAPrivateKey()),
            () => MutableKeys.FromPem("nonsense"),
            () => MutableKeys.FromPem(PemEncoding.WriteString("PUBLIC KEY", Pkcs1)),
        };
        foreach (var action in bad)
        {
            Should.Throw<DamagedShareException>(action).Reason.ShouldBe(ShareDamage.BadPrivateKey);
        }
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
