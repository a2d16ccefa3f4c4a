using System.Text;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Texts that should be caps, as people paste them and as Collectives and tables hold them.</summary>
internal sealed class CapTarget : FuzzTarget
{
    public override string Name => "cap";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "URI:", "URI:LIT:", "URI:CHK:", "URI:CHK-Verifier:", "URI:SSK:", "URI:SSK-RO:", "URI:SSK-Verifier:", "URI:MDMF:", "URI:MDMF-RO:", "URI:MDMF-Verifier:",
            "URI:DIR2:", "URI:DIR2-RO:", "URI:DIR2-CHK:", "URI:DIR2-LIT:", "URI:DIR2-MDMF:", "URI:DIR2-Verifier:", "ro.", "imm.", ":", ":3:131073", ":256:256:9223372036854775807",
            ":1:1:9223372036854775808", ":0:0:0", "\0", "é", "\ud7ff",
        }.Select(Some.Utf8),
    ];

    public override byte[] Generate(Random random)
    {
        FileCap file = random.Next(4) switch
        {
            0 => new LiteralCap(Some.Bytes(random, random.Next(60))),
            1 => Some.ChkCap(random),
            2 => new MutableWriteCap((MutableFormat)random.Next(2), WriteKey.From(Some.Bytes(random, 16)), Some.Digest(random)),
            _ => Some.ReadCap(random),
        };
        Cap cap = random.Next(3) == 0 ? new DirectoryCap(file) : file;
        if (random.Next(3) == 0) cap = cap.ToVerifyCap() ?? cap;
        return Some.Utf8((random.Next(8) == 0 ? "ro." : "") + cap.ToUriString());
    }

    public override string Run(byte[] input)
    {
        string text = Encoding.Latin1.GetString(input);
        var alleged = AllegedCap.Parse(text, deepImmutable: input.Length % 2 == 0);
        var cap = Cap.Parse(text);
        string again = cap.ToUriString();
        Promise(Cap.Parse(again) == cap, "its own text is another cap");
        Promise(cap.ToReadOnly() is UnknownCap || cap.ToReadOnly().IsReadOnly, "the read-only form is not");
        // Base32 ignores no bits and sizes have one form, except where older writers' extras are dropped or numbers have leading zeros.
        Promise(again.Length <= text.Length, "its own text is longer than what was read");
        _ = cap.ToString();
        return $"{cap.Kind} {cap.ToVerifyCap()?.Kind} {(alleged as UnknownCap)?.Fault} {again.Length == text.Length}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedShareException { Reason: ShareDamage.MalformedCap };
}
