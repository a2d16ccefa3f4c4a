namespace MagicFolder.Tahoe.Shares;

/// <summary>The secret that lets a writer change one slot on one server (specification of hashing, section 4).</summary>
public sealed class WriteEnabler
{
    public const int Size = 32;

    private readonly byte[] _secret;

    public WriteEnabler(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Size);
        _secret = secret.ToArray();
    }

    public ReadOnlySpan<byte> Secret => _secret;

    public override string ToString() => "WriteEnabler(redacted)";
}
