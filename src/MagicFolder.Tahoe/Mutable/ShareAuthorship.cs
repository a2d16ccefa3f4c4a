using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>What mutable shares of both formats carry about their writer: public key, signature, encrypted private key (tahoe-mutable, sections 2 and 3).</summary>
internal static class ShareAuthorship
{
    /// <summary>Verifies the public key against the fingerprint, and the signature.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadPublicKey"/> or <see cref="ShareDamage.BadSignature"/>.</exception>
    internal static void Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature, MutableVerifyCap cap)
    {
        var fingerprint = PublicKey.FingerprintOf(publicKey);
        if (fingerprint != cap.Fingerprint || PublicKey.TryGet(publicKey, fingerprint) is not { } key)
        {
            throw new DamagedShareException(ShareDamage.BadPublicKey, $"The share of {cap} carries another public key than the cap names.");
        }

        if (!key.Verify(signed, signature))
        {
            throw new DamagedShareException(ShareDamage.BadSignature, $"The signature on the share of {cap} does not verify.");
        }
    }

    /// <summary>The private key as shares carry it: a writer's bytes never change, since the write key is their hash.</summary>
    internal static byte[] EncryptPrivateKey(MutableKeys keys)
    {
        var encrypted = new byte[keys.PrivateKey.Length];
        AesCtr.Transform(AesKey.From(keys.WriteKey.ToArray()), 0, keys.PrivateKey.Span, encrypted);
        return encrypted;
    }

    /// <summary>The key pair that a share carries for holders of the write cap.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadPrivateKey"/>.</exception>
    internal static MutableKeys DecryptPrivateKey(ReadOnlySpan<byte> encrypted, MutableWriteCap cap)
    {
        if (encrypted.Length > RsaKeyBytes.MaxPrivateKeyLength)
        {
            throw new DamagedShareException(ShareDamage.BadPrivateKey, $"The private key in the share of {cap} is longer than any can be.");
        }

        var pkcs8 = new byte[encrypted.Length];
        AesCtr.Transform(AesKey.From(cap.WriteKey.ToArray()), 0, encrypted, pkcs8);
        if (MutableKeys.WriteKeyOf(pkcs8) != cap.WriteKey)
        {
            throw new DamagedShareException(ShareDamage.BadPrivateKey, $"The private key in the share of {cap} is damaged.");
        }

        var keys = MutableKeys.FromPkcs8(pkcs8);
        if (keys.Fingerprint == cap.Fingerprint)
        {
            return keys;
        }

        keys.Dispose();
        throw new DamagedShareException(ShareDamage.BadPrivateKey, $"The private and the public key of {cap} do not belong together.");
    }
}
