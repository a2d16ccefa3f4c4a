namespace MagicFolder.Tahoe.Mutable;

/// <summary>Verifies what <see cref="MutableKeys.SignStatement"/> signed. Safe for concurrent use.</summary>
public static class StatementSignature
{
    public const int Length = 256;

    /// <summary>The fingerprint of a public key (SubjectPublicKeyInfo DER), as it stands in the caps of its object.</summary>
    public static Hashing.Digest FingerprintOf(ReadOnlySpan<byte> spki) => PublicKey.FingerprintOf(spki);

    /// <summary>Whether the signature is that of the key over the message. False for keys and signatures that are none.</summary>
    /// <param name="spki">SubjectPublicKeyInfo DER of an RSA key of 2048 bits. The caller has compared its fingerprint with a cap.</param>
    /// <param name="message">The signed bytes.</param>
    /// <param name="signature">256 bytes.</param>
    public static bool Verify(ReadOnlySpan<byte> spki, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
        => PublicKey.TryGet(spki) is { } key && key.Verify(message, signature);
}
