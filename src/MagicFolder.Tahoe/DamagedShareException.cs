namespace MagicFolder.Tahoe;

/// <summary>What is wrong with bytes that came from storage, from a cap or from a key.</summary>
public enum ShareDamage
{
    /// <summary>A cap with a known prefix does not have the fields of its kind.</summary>
    MalformedCap,

    /// <summary>The text is a cap, but of another kind than is wanted here.</summary>
    WrongKindOfCap,

    /// <summary>The bytes end before what their header announces.</summary>
    Truncated,

    /// <summary>A share version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>Offsets, lengths or parameters contradict each other, the cap or the limits of the format.</summary>
    BadLayout,

    /// <summary>The URI extension block is not in its format, or a mandatory field is missing.</summary>
    BadUriExtension,

    /// <summary>The URI extension block does not have the hash in the cap: another encoding, or damage.</summary>
    UriExtensionMismatch,

    /// <summary>A hash tree or hash chain does not lead to its root.</summary>
    BadHashTree,

    /// <summary>A block does not have the hash in its block hash tree.</summary>
    BadBlock,

    /// <summary>A ciphertext segment does not have the hash in the tree of the URI extension block: the encoder lied.</summary>
    BadSegment,

    /// <summary>The public key does not have the fingerprint in the cap, or is no RSA key of 2048 bits.</summary>
    BadPublicKey,

    /// <summary>The private key does not belong to the write cap, or is no RSA key of 2048 bits.</summary>
    BadPrivateKey,

    /// <summary>The signature over the header does not verify.</summary>
    BadSignature,

    /// <summary>Fewer than k shares can be used. The message says what is wrong with the others; the inner exception is one of them, a source's if there is any.</summary>
    TooFewShares,

    /// <summary>A share in the MDMF format was given to the reader of SDMF.</summary>
    NeedsMdmf,

    /// <summary>A share in the SDMF format was given to the reader of MDMF.</summary>
    NeedsSdmf,
}

/// <summary>Bytes that are hostile, damaged or of another format. The message holds no secret.</summary>
public sealed class DamagedShareException : Exception
{
    public DamagedShareException(ShareDamage reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    public ShareDamage Reason { get; }
}
