using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Tests.Capabilities;

public sealed class AllegedCapTests
{
    private const string Mutable = ":fs6ul2fju2fvb2cfx7gt6ngycm:hncpinwszbggrurbvuaaexnftk3j5wfr7473pj2g734mo2isxlbq";

    [Theory]
    [InlineData("URI:LIT:nbswy3dp", "", false, null)]
    [InlineData("URI:LIT:nbswy3dp", "ro.", false, null)]
    [InlineData("URI:LIT:nbswy3dp", "imm.", false, null)]
    [InlineData("URI:DIR2-LIT:", "", true, null)]
    [InlineData("URI:SSK-RO" + Mutable, "", false, null)]
    [InlineData("URI:SSK-RO" + Mutable, "ro.", false, null)]
    [InlineData("URI:SSK-RO" + Mutable, "imm.", false, CapFault.MustBeDeepImmutable)]
    [InlineData("URI:DIR2-MDMF-RO" + Mutable, "", true, CapFault.MustBeDeepImmutable)]
    [InlineData("URI:MDMF" + Mutable, "", false, null)]
    [InlineData("URI:MDMF" + Mutable, "ro.", false, CapFault.MustBeReadOnly)]
    [InlineData("URI:DIR2" + Mutable, "imm.", false, CapFault.MustBeDeepImmutable)]
    [InlineData("URI:DIR2" + Mutable, "ro.", true, CapFault.MustBeDeepImmutable)]
    [InlineData("URI:SSK-Verifier" + Mutable, "imm.", true, null)]
    [InlineData("x-future:1", "ro.", false, CapFault.None)]
    [InlineData("ro.URI:LIT:", "imm.", false, CapFault.None)]
    [InlineData("URI:LIT:a", "ro.", false, CapFault.Malformed)]
    public void KnownCapsAreHeldToWhatTheirPrefixAlleges(string bare, string prefix, bool deepImmutable, CapFault? fault)
    {
        var cap = AllegedCap.Parse(prefix + bare, deepImmutable);
        (cap as UnknownCap)?.Fault.ToString().ShouldBe(fault?.ToString());
        (cap is UnknownCap).ShouldBe(fault is not null);
        cap.ToUriString().ShouldBe(fault is null ? bare : prefix + bare);
    }
}
