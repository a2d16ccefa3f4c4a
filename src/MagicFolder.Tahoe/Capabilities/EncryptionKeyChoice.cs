namespace MagicFolder.Tahoe.Capabilities;

/// <summary>Where the key of an immutable file comes from.</summary>
public abstract record EncryptionKeyChoice
{
    private EncryptionKeyChoice()
    {
    }

    /// <summary>
    /// From the content and a secret: equal files of holders of the same secret get the same cap. Costs a pass over the content before the encoding.
    /// </summary>
    /// <param name="secret">Raw bytes, possibly none.</param>
    public static EncryptionKeyChoice Convergent(byte[] secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return new FromContent((byte[])secret.Clone());
    }

    /// <summary>This key, which must never have encrypted anything else.</summary>
    public static EncryptionKeyChoice Given(AesKey key) => new FromCaller(key);

    /// <summary>A new random key.</summary>
    public static EncryptionKeyChoice Random(IRandomSource random) => new FromCaller(AesKey.Random(random));

    /// <summary>Redacted.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>See <see cref="Convergent"/>.</summary>
    public sealed record FromContent(ReadOnlyMemory<byte> Secret) : EncryptionKeyChoice;

    /// <summary>See <see cref="Given"/>.</summary>
    public sealed record FromCaller(AesKey Key) : EncryptionKeyChoice;
}
