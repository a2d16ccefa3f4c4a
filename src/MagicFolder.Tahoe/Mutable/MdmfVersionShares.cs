using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The shares of one version of an MDMF file whose hashes are verified: those that carry the very same signed bytes. Immutable.</summary>
public sealed class MdmfVersionShares
{
    private readonly MdmfShareReader[] _readers;
    private readonly int[] _numbers;

    internal MdmfVersionShares(List<MdmfShareReader> readers)
    {
        // Sorting is stable: of one number, the share that was given first is tried first.
        _readers = [.. readers.OrderBy(reader => reader.Number)];
        _numbers = [.. _readers.Select(reader => reader.Number).Distinct()];
    }

    /// <summary>From 1.</summary>
    public long Seqnum => First.Header.Seqnum;

    /// <summary>Orders versions of equal seqnum.</summary>
    public Digest RootHash => First.Header.RootHash;

    /// <summary>How many shares are needed.</summary>
    public int K => First.Header.K;

    /// <summary>How many shares there are to be.</summary>
    public int N => First.Header.N;

    /// <summary>Of the plaintext, in bytes.</summary>
    public long Length => First.Header.Geometry.Length;

    /// <summary>Of the shares that are there, ascending.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    public bool IsRecoverable => _numbers.Length >= K;

    /// <summary>
    /// Whether <see cref="MdmfUpdater"/> can be used: the hashes of all n shares are there, and the layout is the usual one. Otherwise the whole file has to be written again, which is
    /// always possible.
    /// </summary>
    public bool CanBeUpdated
        => _numbers.Length == N && Array.TrueForAll(_readers, reader => reader.Header is { DataAt: MdmfHeader.UsualDataAt, Geometry.HasUsualSegments: true });

    /// <summary>What a test-and-set that replaces a share of this version compares.</summary>
    public ReadOnlyMemory<byte> Checkstring => First.Header.SignedBytes[..MdmfHeader.CheckstringLength];

    /// <summary>By number, those of one number in the order in which they were given.</summary>
    internal IReadOnlyList<MdmfShareReader> Readers => _readers;

    internal MdmfShareReader First => _readers[0];

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

    public override string ToString() => $"MdmfVersionShares(seqnum {Seqnum}, {_numbers.Length} of {N} shares, {K} needed)";
}
