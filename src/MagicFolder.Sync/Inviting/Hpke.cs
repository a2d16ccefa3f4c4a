using System.Buffers.Binary;
using System.Security.Cryptography;
using MagicFolder.Model;

namespace MagicFolder.Sync.Inviting;

/// <summary>
/// Encryption to a public key that nobody but its owner can undo: HPKE (RFC 9180), base mode, one message for each key: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
/// It says nothing about who encrypted.
/// </summary>
internal static class Hpke
{
    /// <summary>Bytes of a private key, and of what one is derived from.</summary>
    internal const int PrivateKeyLength = 32;

    /// <summary>Bytes of a public key: an uncompressed point.</summary>
    internal const int PublicKeyLength = 65;

    /// <summary>What sealing adds.</summary>
    internal const int Overhead = PublicKeyLength + TagLength;

    private const int TagLength = 16;
    private const int KeyLength = 16;
    private const int NonceLength = 12;
    private const int HashLength = 32;

    private static readonly byte[] Version = "HPKE-v1"u8.ToArray();
    private static readonly byte[] KemSuite = [.. "KEM"u8, 0x00, 0x10];
    private static readonly byte[] Suite = [.. "HPKE"u8, 0x00, 0x10, 0x00, 0x01, 0x00, 0x01];

    // The order of the group of P-256 (SEC 2, section 2.4.2).
    private static readonly byte[] Order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    /// <summary>A private key from 32 random bytes (RFC 9180, section 7.1.3).</summary>
    internal static byte[] DerivePrivateKey(ReadOnlySpan<byte> random)
    {
        byte[] secret = LabeledExtract(KemSuite, [], "dkp_prk"u8, random);
        for (byte counter = 0; counter < byte.MaxValue; counter++)
        {
            byte[] candidate = LabeledExpand(KemSuite, secret, "candidate"u8, [counter], PrivateKeyLength);
            if (candidate.AsSpan().IndexOfAnyExcept((byte)0) >= 0 && candidate.AsSpan().SequenceCompareTo(Order) < 0) return candidate;
        }
        throw new CryptographicException("No private key follows from these bytes; this happens by chance less than once in 2^8000 times.");
    }

    internal static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        using var key = Import(privateKey);
        return PointOf(key);
    }

    /// <summary>An ephemeral public key, then the ciphertext.</summary>
    /// <param name="publicKey">Of whoever is to read it.</param>
    /// <param name="info">What it is for: has to be the same when it is opened.</param>
    /// <param name="plain">The message.</param>
    /// <param name="ephemeral">A private key that is used for nothing else.</param>
    /// <exception cref="DamagedBytesException">The public key is none.</exception>
    internal static byte[] Seal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> ephemeral) =>
        Seal(publicKey, info, [], plain, ephemeral);

    internal static byte[] Seal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> ephemeral)
    {
        using var mine = Import(ephemeral);
        using var theirs = ImportPublic(publicKey);
        byte[] encapsulated = PointOf(mine);
        var (key, nonce) = Schedule(SharedSecret(mine, theirs, encapsulated, publicKey), info);
        byte[] message = new byte[PublicKeyLength + plain.Length + TagLength];
        encapsulated.CopyTo(message, 0);
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, plain, message.AsSpan(PublicKeyLength, plain.Length), message.AsSpan(PublicKeyLength + plain.Length), associated);
        return message;
    }

    /// <exception cref="DamagedBytesException">It was sealed to another key or for something else, or damaged.</exception>
    internal static byte[] Open(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> message) => Open(privateKey, info, [], message);

    internal static byte[] Open(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> message)
    {
        if (message.Length < Overhead) throw Unreadable();
        var encapsulated = message[..PublicKeyLength];
        using var mine = Import(privateKey);
        using var theirs = ImportPublic(encapsulated);
        var (key, nonce) = Schedule(SharedSecret(mine, theirs, encapsulated, PointOf(mine)), info);
        byte[] plain = new byte[message.Length - Overhead];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(nonce, message[PublicKeyLength..^TagLength], message[^TagLength..], plain, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Unreadable();
        }
        return plain;
    }

    /// <exception cref="DamagedBytesException">It is no public key.</exception>
    internal static void RequirePublicKey(ReadOnlySpan<byte> publicKey) => ImportPublic(publicKey).Dispose();

    private static byte[] SharedSecret(ECDiffieHellman mine, ECDiffieHellman theirs, ReadOnlySpan<byte> encapsulated, ReadOnlySpan<byte> recipient)
    {
        byte[] point = mine.DeriveRawSecretAgreement(theirs.PublicKey);
        byte[] secret = LabeledExtract(KemSuite, [], "eae_prk"u8, point);
        return LabeledExpand(KemSuite, secret, "shared_secret"u8, [.. encapsulated, .. recipient], HashLength);
    }

    private static (byte[] Key, byte[] Nonce) Schedule(byte[] shared, ReadOnlySpan<byte> info)
    {
        byte[] context = [0, .. LabeledExtract(Suite, [], "psk_id_hash"u8, []), .. LabeledExtract(Suite, [], "info_hash"u8, info)];
        byte[] secret = LabeledExtract(Suite, shared, "secret"u8, []);
        return (LabeledExpand(Suite, secret, "key"u8, context, KeyLength), LabeledExpand(Suite, secret, "base_nonce"u8, context, NonceLength));
    }

    private static byte[] LabeledExtract(byte[] suite, byte[] salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> material) =>
        HKDF.Extract(HashAlgorithmName.SHA256, [.. Version, .. suite, .. label, .. material], salt);

    private static byte[] LabeledExpand(byte[] suite, byte[] secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, int length)
    {
        Span<byte> prefix = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)length);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [.. prefix, .. Version, .. suite, .. label, .. info]);
    }

    private static ECDiffieHellman Import(ReadOnlySpan<byte> privateKey) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = privateKey.ToArray() });

    private static ECDiffieHellman ImportPublic(ReadOnlySpan<byte> point)
    {
        if (point.Length != PublicKeyLength || point[0] != 4) throw Unreadable();
        try
        {
            return ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
            });
        }
        catch (CryptographicException)
        {
            throw Unreadable();
        }
    }

    private static byte[] PointOf(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!];
    }

    private static DamagedBytesException Unreadable() => new(DamageReason.BadSignature, "The sealed message is not for this key, or damaged.");
}
