using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Tests.Capabilities;

public sealed class CapTests
{
    private const string K = "fs6ul2fju2fvb2cfx7gt6ngycm";
    private const string RK = "65ruo2zytr3uxnaxkptdoqkth4";
    private const string SI = "axxzm642zi4vozwfjdijoafbrm";
    private const string H = "hncpinwszbggrurbvuaaexnftk3j5wfr7473pj2g734mo2isxlbq";
    private const string ChkK = "yzxcoagbetwet65ltjpbqyli3m";
    private const string ChkSI = "i5nhq74zw2crkop634ra4hrvzm";
    private const string ChkH = "6b7inuiha2xdtgqzd55i6aeggutnxzr6qfwpv2ep5xlln6pgef7a";

    public static TheoryData<string, string, string?> Forms => new()
    {
        { $"URI:SSK:{K}:{H}", $"URI:SSK-RO:{RK}:{H}", $"URI:SSK-Verifier:{SI}:{H}" },
        { $"URI:MDMF:{K}:{H}", $"URI:MDMF-RO:{RK}:{H}", $"URI:MDMF-Verifier:{SI}:{H}" },
        { $"URI:DIR2:{K}:{H}", $"URI:DIR2-RO:{RK}:{H}", $"URI:DIR2-Verifier:{SI}:{H}" },
        { $"URI:DIR2-MDMF:{K}:{H}", $"URI:DIR2-MDMF-RO:{RK}:{H}", $"URI:DIR2-MDMF-Verifier:{SI}:{H}" },
        { $"URI:SSK-Verifier:{SI}:{H}", $"URI:SSK-Verifier:{SI}:{H}", $"URI:SSK-Verifier:{SI}:{H}" },
        { $"URI:CHK:{ChkK}:{ChkH}:1:1:56", $"URI:CHK:{ChkK}:{ChkH}:1:1:56", $"URI:CHK-Verifier:{ChkSI}:{ChkH}:1:1:56" },
        { $"URI:DIR2-CHK:{ChkK}:{ChkH}:3:10:1000", $"URI:DIR2-CHK:{ChkK}:{ChkH}:3:10:1000", $"URI:DIR2-CHK-Verifier:{ChkSI}:{ChkH}:3:10:1000" },
        { "URI:LIT:nbswy3dp", "URI:LIT:nbswy3dp", null },
        { "URI:LIT:", "URI:LIT:", null },
        { "URI:DIR2-LIT:", "URI:DIR2-LIT:", null },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFormParsesAndDiminishes(string text, string readOnly, string? verify)
    {
        var cap = Cap.Parse(text);
        cap.ShouldNotBeOfType<UnknownCap>();
        cap.ToUriString().ShouldBe(text);
        cap.ToReadOnly().ToUriString().ShouldBe(readOnly);
        cap.ToReadOnly().IsReadOnly.ShouldBeTrue();
        cap.ToVerifyCap()?.ToUriString().ShouldBe(verify);
        (cap.ToVerifyCap() is null).ShouldBe(verify is null);
        Cap.Parse(readOnly).ToVerifyCap()?.ToUriString().ShouldBe(verify);
        cap.ShouldBe(Cap.Parse(text));
        cap.GetHashCode().ShouldBe(Cap.Parse(text).GetHashCode());
    }

    [Theory]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:01:1:0056", $"URI:CHK:{ChkK}:{ChkH}:1:1:56")]
    [InlineData($"URI:CHK-Verifier:{ChkSI}:{ChkH}:1:1:56and more", $"URI:CHK-Verifier:{ChkSI}:{ChkH}:1:1:56")]
    [InlineData($"URI:MDMF:{K}:{H}:3:131073", $"URI:MDMF:{K}:{H}")]
    [InlineData($"URI:MDMF-RO:{RK}:{H}:", $"URI:MDMF-RO:{RK}:{H}")]
    [InlineData($"URI:DIR2-MDMF-Verifier:{SI}:{H}:anything at all", $"URI:DIR2-MDMF-Verifier:{SI}:{H}")]
    public void ToleratedFormsAreNormalized(string text, string normal)
    {
        Cap.Parse(text).ToUriString().ShouldBe(normal);
        Cap.Parse(text).ShouldBe(Cap.Parse(normal));
    }

    [Theory]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:1:1:56 ")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:1:1:56\n")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:1:1:")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:1:1")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:0:1:56")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:2:1:56")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:1:257:56")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:1:1:99999999999999999999")]
    [InlineData($"URI:CHK:{ChkK}:{ChkH}:1:1:-1")]
    [InlineData($"URI:SSK:{K}:{H}:3:131073")]
    [InlineData($"URI:SSK:{K}:{H}x")]
    [InlineData($"URI:MDMF:{K}:{H}x")]
    [InlineData($"URI:SSK:{K}")]
    [InlineData($"URI:SSK:FS6ul2fju2fvb2cfx7gt6ngycm:{H}")]
    [InlineData($"URI:SSK:fs6ul2fju2fvb2cfx7gt6ngycn:{H}")]
    [InlineData($"URI:DIR2:fs6ul2fju2fvb2cfx7gt6ngyc:{H}")]
    [InlineData("URI:LIT:a")]
    [InlineData("URI:LIT:NBSWY3DP")]
    public void MalformedCapsAreRefusedWithoutShowingTheirText(string text)
    {
        Cap.TryParse(text, out _).ShouldBeFalse();
        var failure = Should.Throw<DamagedShareException>(() => Cap.Parse(text));
        failure.Reason.ShouldBe(ShareDamage.MalformedCap);
        failure.Message.ShouldNotContain(text.Split(':')[2] is { Length: > 3 } secret ? secret : "\0");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x-unknown-cap:future")]
    [InlineData("URI:FUTURE:abc")]
    [InlineData("URI:CHK")]
    [InlineData("uri:CHK:abc")]
    [InlineData("URI:DIR2-SSK:abc")]
    [InlineData("ro.imm.URI:LIT:")]
    public void CapsOfUnknownKindsAreKeptAsTheyAre(string text)
    {
        var cap = Cap.Parse(text).ShouldBeOfType<UnknownCap>();
        cap.Fault.ShouldBe(CapFault.None);
        cap.ToUriString().ShouldBe(text);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void TheRedactedFormHoldsNoSecret(string text, string readOnly, string? verify)
    {
        _ = verify;
        foreach (var form in new[] { text, readOnly })
        {
            var secret = form.Split(':')[2];
            var shown = Cap.Parse(form).ToString();
            if (secret.Length > 0 && !form.Contains("-Verifier", StringComparison.Ordinal))
            {
                shown.ShouldNotContain(secret[..Math.Min(6, secret.Length)]);
            }

            $"{new { Cap = Cap.Parse(form) }}".ShouldContain(shown);
        }
    }

    [Fact]
    public void KeysAreRedacted()
    {
        var cap = Cap.Parse<MutableWriteCap>($"URI:SSK:{K}:{H}");
        cap.WriteKey.ToString().ShouldBe("WriteKey(secret)");
        cap.ToReadCap().ReadKey.ToString().ShouldBe("ReadKey(secret)");
        Cap.Parse<ChkCap>($"URI:CHK:{ChkK}:{ChkH}:1:1:56").Key.ToString().ShouldBe("AesKey(secret)");
        EncryptionKeyChoice.Convergent("secret"u8.ToArray()).ToString().ShouldBe("FromContent");
    }

    [Fact]
    public void ACapOfAnotherKindIsSaidToBeOne()
    {
        Should.Throw<DamagedShareException>(() => Cap.Parse<ChkCap>("URI:LIT:nbswy3dp")).Reason.ShouldBe(ShareDamage.WrongKindOfCap);
        Cap.Parse<LiteralCap>("URI:LIT:nbswy3dp").Data.ToArray().ShouldBe("hello"u8.ToArray());
    }

    [Fact]
    public void RandomChangesOfCapsNeverCrashTheParser()
    {
        var random = new Random(7);
        foreach (var row in Forms)
        {
            for (var i = 0; i < 300; i++)
            {
                var text = row.Data.Item1.ToCharArray();
                text[random.Next(text.Length)] = (char)random.Next(256);
                var changed = new string(text)[..random.Next(text.Length + 1)];
                if (Cap.TryParse(changed, out var cap))
                {
                    Cap.Parse(cap.ToUriString()).ShouldBe(cap);
                }
            }
        }
    }
}
