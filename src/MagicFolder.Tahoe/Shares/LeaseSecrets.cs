namespace MagicFolder.Tahoe.Shares;

/// <summary>The two secrets that a client presents for its lease on one slot of one server. No default: an unset value is an argument error where it is used.</summary>
public sealed class LeaseSecrets
{
    public const int SecretSize = 32;

    private readonly byte[] _renew;
    private readonly byte[] _cancel;

    public LeaseSecrets(ReadOnlySpan<byte> renew, ReadOnlySpan<byte> cancel)
    {
        if (renew.Length != SecretSize || cancel.Length != SecretSize)
        {
            throw new ArgumentException("Lease secrets have 32 bytes each.");
        }

        _renew = renew.ToArray();
        _cancel = cancel.ToArray();
    }

    public ReadOnlySpan<byte> Renew => _renew;

    public ReadOnlySpan<byte> Cancel => _cancel;

    public override string ToString() => "LeaseSecrets(redacted)";
}
