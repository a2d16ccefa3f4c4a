using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The verified shares of one version of a mutable file: those that carry the very same signed bytes. Immutable.</summary>
public abstract class MutableVersionShares
{
    private readonly MutableShareReader[] _readers;
    private readonly int[] _numbers;

    private protected MutableVersionShares(IEnumerable<MutableShareReader> readers)
    {
        // Sorting is stable: of one number, the share that was given first is tried first.
        _readers = [.. readers.OrderBy(reader => reader.Number)];
        _numbers = [.. _readers.Select(reader => reader.Number).Distinct()];
    }

    public MutableFormat Format => Claim.Format;

    /// <summary>From 1.</summary>
    public long Seqnum => Claim.Seqnum;

    /// <summary>Orders versions of equal seqnum.</summary>
    public Digest RootHash => Claim.RootHash;

    /// <summary>How many shares are needed.</summary>
    public int K => Claim.K;

    /// <summary>How many shares there are to be.</summary>
    public int N => Claim.N;

    /// <summary>Of the plaintext, in bytes.</summary>
    public long Length => Claim.Length;

    /// <summary>Of the shares that are there, ascending.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    public bool IsRecoverable => _numbers.Length >= K;

    /// <summary>What a test-and-set that replaces a share of this version compares.</summary>
    public ReadOnlyMemory<byte> Checkstring => Claim.Checkstring;

    /// <summary>SubjectPublicKeyInfo DER with the fingerprint of the cap.</summary>
    public ReadOnlyMemory<byte> PublicKey => _readers[0].PublicKey;

    private protected IReadOnlyList<MutableShareReader> AllReaders => _readers;

    private ShareClaim Claim => _readers[0].Claim;

    /// <summary>The content, decrypted as it is read.</summary>
    /// <param name="cap">The file, as which the shares were verified.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>, at once or at reading.</exception>
    public abstract IMutableReader OpenReader(MutableReadCap cap);

    /// <summary>The key pair that the shares carry for holders of the write cap. It is not signed, so all shares are tried.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadPrivateKey"/>: none of them carries it.</exception>
    public MutableKeys ReadKeys(MutableWriteCap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        for (var i = 0; ; i++)
        {
            try
            {
                return ShareAuthorship.DecryptPrivateKey(_readers[i].EncryptedPrivateKey.Span, cap);
            }
            catch (DamagedShareException) when (i + 1 < _readers.Length)
            {
                // Another share may carry it undamaged.
            }
        }
    }

    public sealed override string ToString() => $"{GetType().Name}(seqnum {Seqnum}, {_numbers.Length} of {N} shares, {K} needed)";

    internal static MutableVersionShares Of(List<MutableShareReader> readers)
        => readers[0].Claim.Format == MutableFormat.Sdmf ? new SdmfVersionShares(readers) : new MdmfVersionShares(readers);

    /// <summary>The encrypted private key is not signed, and only holders of the write cap can verify it: of those that the shares carry the most frequent.</summary>
    internal ReadOnlyMemory<byte> MostFrequentPrivateKey()
        => _readers.Select(reader => reader.EncryptedPrivateKey).GroupBy(bytes => Convert.ToBase64String(bytes.Span), StringComparer.Ordinal).MaxBy(group => group.Count())!.First();
}
