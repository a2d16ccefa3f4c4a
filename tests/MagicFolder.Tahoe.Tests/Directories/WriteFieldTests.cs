using System.Text;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Tahoe.Tests.Directories;

public sealed class WriteFieldTests
{
    private static readonly WriteKey Key = WriteKey.From(Convert.FromHexString("2cbd45e8a9a68b50e845bfcd3f34d813"));

    [Fact]
    public void TheWorkedValuesComeOut()
    {
        var cap = "URI:DIR2:fs6ul2fju2fvb2cfx7gt6ngycm:hncpinwszbggrurbvuaaexnftk3j5wfr7473pj2g734mo2isxlbq"u8.ToArray();
        var field = WriteField.Encrypt(Key, cap);
        Convert.ToHexStringLower(field.AsSpan(0, 32)).ShouldBe("af80b15e598f4079208184605e30636cf8b6dc33bf4b38c03a46c7dbdabd35a4");
        Convert.ToHexStringLower(field.AsSpan(^32..)).ShouldBe("238d8bea64bdb69e6b3a1034a499803bb145be8083c25bf283a504773d2175d4");
        field.Length.ShouldBe(48 + cap.Length);
        WriteField.Decrypt(Key, field).ShouldBe(cap);
        Convert.ToHexStringLower(WriteField.Encrypt(Key, []))
            .ShouldBe("d05f738a043b8404b7495ccb5d5501862006921383f53a1efa14617f3ea9729973654998082db227154f13f2a8650a00");
    }

    [Fact]
    public void AnotherKeyOpensNothing()
    {
        var field = WriteField.Encrypt(Key, "URI:SSK:secret"u8);
        Encoding.Latin1.GetString(WriteField.Decrypt(WriteKey.From(new byte[16]), field)).ShouldNotContain("URI");
        field.AsSpan().IndexOf("secret"u8).ShouldBe(-1);
    }
}
