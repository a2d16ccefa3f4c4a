using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Tahoe.Tests.Capabilities;

public sealed class CapVectorTests
{
    [Fact]
    public void AllPublishedCapsComeBackAsTheyWere()
    {
        foreach (var vector in KnownAnswers.VectorCases)
        {
            var cap = Cap.Parse(vector.Text("cap"));
            cap.ShouldBeAssignableTo<FileCap>();
            cap.ToUriString().ShouldBe(vector.Text("cap"));
        }
    }

    [Fact]
    public void AllPublishedMutableCapsFollowFromTheirKeys()
    {
        var checkedCases = 0;
        var keys = new Dictionary<string, MutableKeys>(StringComparer.Ordinal);
        foreach (var vector in KnownAnswers.VectorCases.Where(c => c.Text("format") is "sdmf" or "mdmf"))
        {
            var der = vector.Text("rsaPrivateKeyPkcs1Base64");
            if (!keys.TryGetValue(der, out var pair))
            {
                keys[der] = pair = MutableKeys.FromPkcs1(Convert.FromBase64String(der));
            }

            var format = vector.Text("format") == "sdmf" ? MutableFormat.Sdmf : MutableFormat.Mdmf;
            pair.ToWriteCap(format).ToUriString().ShouldBe(vector.Text("cap"));
            checkedCases++;
        }

        checkedCases.ShouldBe(72);
    }

    [Fact]
    public void CapsOfAllFixtureObjectsDiminishAsTahoeSays()
    {
        foreach (var item in KnownAnswers.Mutable.Concat(KnownAnswers.Directories))
        {
            var readOnly = Cap.Parse(item.Text("ro_uri"));
            if (item.TryGetProperty("rw_uri", out var rw))
            {
                Cap.Parse(rw.GetString()!).ToReadOnly().ShouldBe(readOnly);
                Cap.Parse(rw.GetString()!).ToVerifyCap().ShouldBe(readOnly.ToVerifyCap());
            }

            readOnly.ToVerifyCap()?.ToUriString().ShouldBe(item.TryGetProperty("verify_uri", out var verify) ? verify.GetString() : null);
            if (item.TryGetProperty("raw_file_cap", out var raw))
            {
                Cap.Parse(item.Text("cap")).ShouldBeOfType<DirectoryCap>().Inner.ToUriString().ShouldBe(raw.GetString());
            }
        }
    }
}
