using System.Collections.Concurrent;
using System.Security.Cryptography;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// A parsed RSA public key. A folder reads the same few heads again and again, so parsed keys are kept, by fingerprint and bounded in number.
/// </summary>
internal sealed class PublicKey
{
    private const int MaxLength = 1024;
    private const int MaxKept = 256;

    private static readonly ConcurrentDictionary<Digest, PublicKey> Kept = new();

    private static readonly ConcurrentDictionary<Digest, PublicKey> Replaced = new();

    private readonly ISignatureScheme _scheme;

    private PublicKey(ISignatureScheme scheme) => _scheme = scheme;

    /// <summary>Null when these bytes are not exactly one RSA key of 2048 bits.</summary>
    internal static PublicKey? TryGet(ReadOnlySpan<byte> spki) => spki.Length > MaxLength ? null : TryGet(spki, FingerprintOf(spki));

    /// <param name="spki">SubjectPublicKeyInfo DER.</param>
    /// <param name="fingerprint">The fingerprint of these bytes, computed by the caller.</param>
    internal static PublicKey? TryGet(ReadOnlySpan<byte> spki, Digest fingerprint)
    {
        if (Kept.TryGetValue(fingerprint, out var known) || Replaced.TryGetValue(fingerprint, out known))
        {
            return known;
        }

        if (Parse(spki) is not { } key)
        {
            return null;
        }

        // A flood of keys costs parsing again, never memory. Keys in use stay alive through their users.
        if (Kept.Count >= MaxKept)
        {
            Kept.Clear();
        }

        Kept[fingerprint] = key;
        return key;
    }

    internal static Digest FingerprintOf(ReadOnlySpan<byte> spki) => TaggedHash.Compute(HashTags.PublicKeyToFingerprint, spki);

    internal bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _scheme.Verify(message, signature);

    /// <summary>See <see cref="MutableKeys.SigningWith"/>.</summary>
    internal static void Replace(Digest fingerprint, ISignatureScheme scheme)
    {
        Replaced[fingerprint] = new PublicKey(scheme);
        Kept.TryRemove(fingerprint, out _);
    }

    private static PublicKey? Parse(ReadOnlySpan<byte> spki)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(spki, out var read);
            if (read == spki.Length && rsa.KeySize == RsaKeyBytes.KeyBits)
            {
                return new PublicKey(new RsaPss(rsa));
            }
        }
        catch (CryptographicException)
        {
            // Not a key: the caller says so with the name of the object.
        }

        rsa.Dispose();
        return null;
    }
}
