using System.Formats.Asn1;
using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// The RSA key pair that is the identity of one mutable object. Parsed once and kept, since parsing costs about as much as signing. Safe for concurrent
/// use. Secret: keep it out of logs.
/// </summary>
public sealed class MutableKeys : IDisposable
{
    private readonly ISignatureScheme _scheme;
    private readonly byte[] _pkcs8;
    private readonly byte[] _spki;

    private MutableKeys(ISignatureScheme scheme, byte[] pkcs8, byte[] spki)
    {
        _scheme = scheme;
        _pkcs8 = pkcs8;
        _spki = spki;
        Fingerprint = TaggedHash.Compute(HashTags.PublicKeyToFingerprint, _spki);
        WriteKey = WriteKeyOf(pkcs8);
    }

    public WriteKey WriteKey { get; }

    /// <summary>Hash of <see cref="PublicKey"/>; the same in write, read and verify caps.</summary>
    public Digest Fingerprint { get; }

    /// <summary>SubjectPublicKeyInfo DER.</summary>
    public ReadOnlyMemory<byte> PublicKey => _spki;

    /// <summary>PKCS#8 DER, in the exact bytes that the write key is the hash of. Secret.</summary>
    public ReadOnlyMemory<byte> PrivateKey => _pkcs8;

    /// <summary>A new key pair of 2048 bits. Its randomness is the operating system's: a simulation passes fixed keys to <see cref="FromPkcs8"/> instead.</summary>
    public static MutableKeys Generate()
    {
        var rsa = RSA.Create(RsaKeyBytes.KeyBits);
        var parameters = rsa.ExportParameters(includePrivateParameters: true);
        return new MutableKeys(new RsaPss(rsa), RsaKeyBytes.ToPkcs8(parameters), RsaKeyBytes.ToSpki(parameters));
    }

    /// <summary>The key pair from PKCS#8 DER, whose bytes are kept exactly.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadPrivateKey"/>.</exception>
    public static MutableKeys FromPkcs8(ReadOnlySpan<byte> der) => Import(der.ToArray());

    /// <summary>The key pair from PKCS#1 DER (RSAPrivateKey), which is wrapped as PKCS#8.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadPrivateKey"/>.</exception>
    public static MutableKeys FromPkcs1(ReadOnlySpan<byte> der)
    {
        // The platform overlooks bytes behind the key inside the wrapping, but they would change the write key.
        if (!AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out _, out _, out _, out var length) || length != der.Length)
        {
            throw BadKey("The private key is not exactly one RSA key in PKCS#1.");
        }

        return Import(RsaKeyBytes.WrapPkcs1(der));
    }

    /// <summary>The key pair from PEM text with a block <c>PRIVATE KEY</c> or <c>RSA PRIVATE KEY</c>.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadPrivateKey"/>.</exception>
    public static MutableKeys FromPem(ReadOnlySpan<char> pem)
    {
        if (!PemEncoding.TryFind(pem, out var found))
        {
            throw BadKey("This is no PEM text.");
        }

        var der = new byte[found.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(pem[found.Base64Data], der, out var length))
        {
            throw BadKey("This is no PEM text.");
        }

        return pem[found.Label] switch
        {
            "PRIVATE KEY" => FromPkcs8(der.AsSpan(0, length)),
            "RSA PRIVATE KEY" => FromPkcs1(der.AsSpan(0, length)),
            _ => throw BadKey("This PEM text holds no unencrypted RSA private key."),
        };
    }

    public MutableWriteCap ToWriteCap(MutableFormat format = MutableFormat.Sdmf) => new(format, WriteKey, Fingerprint);

    /// <summary>
    /// Signs with RSA-PSS (SHA-256, MGF1 with SHA-256, salt of 32 bytes): 256 bytes, others at every call. Statements must not be mistakable for
    /// share headers, which the same key signs: let them start with a text, never with the byte 0 or 1.
    /// </summary>
    public byte[] SignStatement(ReadOnlySpan<byte> statement)
    {
        if (!statement.IsEmpty && statement[0] <= 1)
        {
            throw new ArgumentException("A statement that starts like a share header could be passed off as one.", nameof(statement));
        }

        return Sign(statement);
    }

    public void Dispose() => (_scheme as IDisposable)?.Dispose();

    public override string ToString() => $"MutableKeys({ToWriteCap()})";

    internal static WriteKey WriteKeyOf(ReadOnlySpan<byte> pkcs8)
    {
        Span<byte> key = stackalloc byte[WriteKey.Length];
        TaggedHash.Compute(HashTags.PrivateKeyToWriteKey, pkcs8, key);
        return WriteKey.From(key);
    }

    /// <summary>For simulations: the same identity with other signatures, which from now on are the ones that verify in this process.</summary>
    internal MutableKeys SigningWith(ISignatureScheme scheme)
    {
        Mutable.PublicKey.Replace(Fingerprint, scheme);
        return new MutableKeys(scheme, _pkcs8, _spki);
    }

    internal byte[] Sign(ReadOnlySpan<byte> message) => _scheme.Sign(message);

    private static MutableKeys Import(byte[] pkcs8)
    {
        if (pkcs8.Length > RsaKeyBytes.MaxPrivateKeyLength)
        {
            throw BadKey("The private key is longer than any RSA key of 2048 bits.");
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportPkcs8PrivateKey(pkcs8, out var read);
            if (read != pkcs8.Length || rsa.KeySize != RsaKeyBytes.KeyBits)
            {
                throw BadKey("The private key is not exactly one RSA key of 2048 bits.");
            }

            return new MutableKeys(new RsaPss(rsa), pkcs8, RsaKeyBytes.ToSpki(rsa.ExportParameters(includePrivateParameters: false)));
        }
        catch (CryptographicException e)
        {
            rsa.Dispose();
            throw BadKey("The private key is no RSA key in PKCS#8.", e);
        }
        catch (DamagedShareException)
        {
            rsa.Dispose();
            throw;
        }
    }

    private static DamagedShareException BadKey(string message, Exception? inner = null) => new(ShareDamage.BadPrivateKey, message, inner);
}
