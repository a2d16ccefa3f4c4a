using MagicFolder.Simulation.Keys;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>RSA keys: the first byte says whether a public key, a private one in PKCS#8 or PKCS#1, or PEM text follows.</summary>
internal sealed class KeyTarget : FuzzTarget
{
    private static readonly byte[] Message = Some.Utf8("message");
    private static readonly byte[] Signature = new byte[StatementSignature.Length];

    public override string Name => "key";

    public override IReadOnlyList<byte[]> Tokens { get; } = [[0x30, 0x80], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x02, 0x01, 0x00], [0x05, 0x00], [0x02, 0x00], [0x30, 0x82, 0x00, 0x00]];

    public override byte[] Generate(Random random)
    {
        var key = FixedKeys.Personal(random.Next(2));
        byte[] pkcs8 = key.PrivateKey.ToArray();
        return random.Next(4) switch
        {
            0 or 1 => [0, .. key.PublicKey.Span],
            2 => [1, .. pkcs8],
            // What the wrapping of 26 bytes holds.
            _ => random.Next(2) == 0 ? [2, .. pkcs8.AsSpan(26)] : [3, .. Some.Utf8($"-----BEGIN PRIVATE KEY-----\n{Convert.ToBase64String(pkcs8)}\n-----END PRIVATE KEY-----\n")],
        };
    }

    public override string Run(byte[] input)
    {
        if (input.Length == 0) return "nothing";
        var bytes = input.AsSpan(1);
        switch (input[0] % 4)
        {
            case 0:
                Promise(!StatementSignature.Verify(bytes, Message, Signature), "no signature verifies");
                _ = StatementSignature.FingerprintOf(bytes);
                return PublicKey.TryGet(bytes) is null ? throw new Runs.RefusedByResultException("no public key") : "public key";
            case 1:
                using (var keys = MutableKeys.FromPkcs8(bytes)) return Shape(keys, "PKCS#8");
            case 2:
                using (var keys = MutableKeys.FromPkcs1(bytes)) return Shape(keys, "PKCS#1");
            default:
                using (var keys = MutableKeys.FromPem(System.Text.Encoding.Latin1.GetString(bytes))) return Shape(keys, "PEM");
        }
    }

    public override bool IsRefusal(Exception e) => e is DamagedShareException { Reason: ShareDamage.BadPrivateKey };

    private static string Shape(MutableKeys keys, string form)
    {
        Promise(StatementSignature.FingerprintOf(keys.PublicKey.Span) == keys.Fingerprint && PublicKey.TryGet(keys.PublicKey.Span) is not null, "its public key is none");
        return form;
    }
}
