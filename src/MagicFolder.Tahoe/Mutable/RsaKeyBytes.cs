using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// The exact DER of RSA keys that Tahoe-LAFS hashes into caps (tahoe-mutable, section 2). Written here rather than exported by the platform, since some platforms
/// add attributes to PKCS#8, which would change the write key.
/// </summary>
internal static class RsaKeyBytes
{
    internal const int KeyBits = 2048;

    /// <summary>Real keys take 1214 to 1219 bytes; nothing near this limit is read.</summary>
    internal const int MaxPrivateKeyLength = 4096;

    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <summary>PKCS#8 around the RSAPrivateKey, whose bytes are kept exactly.</summary>
    internal static byte[] WrapPkcs1(ReadOnlySpan<byte> pkcs1)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            WriteAlgorithm(writer);
            writer.WriteOctetString(pkcs1);
        }

        return writer.Encode();
    }

    internal static byte[] ToPkcs8(RSAParameters key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            foreach (var part in new[] { key.Modulus, key.Exponent, key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ })
            {
                writer.WriteInteger(new BigInteger(part, isUnsigned: true, isBigEndian: true));
            }
        }

        return WrapPkcs1(writer.Encode());
    }

    /// <summary>The SubjectPublicKeyInfo of the public half.</summary>
    internal static byte[] ToSpki(RSAParameters key)
    {
        var inner = new AsnWriter(AsnEncodingRules.DER);
        using (inner.PushSequence())
        {
            inner.WriteInteger(new BigInteger(key.Modulus, isUnsigned: true, isBigEndian: true));
            inner.WriteInteger(new BigInteger(key.Exponent, isUnsigned: true, isBigEndian: true));
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAlgorithm(writer);
            writer.WriteBitString(inner.Encode());
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(RsaEncryption);
            writer.WriteNull();
        }
    }
}
