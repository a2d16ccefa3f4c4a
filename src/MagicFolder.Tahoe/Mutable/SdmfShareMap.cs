using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// What a set of mutable shares, gathered from any servers, amounts to: which versions there are and which can be read (tahoe-mutable, section 9). Every share is verified by
/// itself. Immutable.
/// </summary>
public sealed class SdmfShareMap
{
    private readonly List<SdmfVersionShares> _versions;
    private readonly List<SdmfShareTrouble> _troubles;

    private SdmfShareMap(List<SdmfVersionShares> versions, List<SdmfShareTrouble> troubles, long highestSeqnum)
    {
        (_versions, _troubles) = (versions, troubles);
        HighestSeqnum = highestSeqnum;
        Best = versions.Find(version => version.IsRecoverable);
    }

    /// <summary>All versions of which a sound share is there: the greatest seqnum first, of equal ones the greatest root hash.</summary>
    public IReadOnlyList<SdmfVersionShares> Versions => _versions;

    /// <summary>The first of them with k shares; null if there is none.</summary>
    public SdmfVersionShares? Best { get; }

    /// <summary>Shares that do not verify.</summary>
    public IReadOnlyList<SdmfShareTrouble> Troubles => _troubles;

    /// <summary>Of all shares with a good signature, also of those with a damaged block; 0 without any. The next version must have a greater one.</summary>
    public long HighestSeqnum { get; }

    /// <summary>A version that somebody has published after the best one and that cannot be read from these shares.</summary>
    public bool HasNewerUnrecoverable => HighestSeqnum > (Best?.Seqnum ?? 0);

    /// <summary>Two writers have published under the same seqnum.</summary>
    public bool NeedsMerge => Best is { } best && _versions.Count(version => version.IsRecoverable && version.Seqnum == best.Seqnum) > 1;

    /// <summary>Verifies shares and sorts them by the version they are of. The same number may come from several servers; the first sound one counts.</summary>
    public static SdmfShareMap Of(IEnumerable<SdmfNumberedShare> shares, MutableVerifyCap cap)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(cap);
        var byVersion = new List<SortedDictionary<int, SdmfShare>>();
        var troubles = new List<SdmfShareTrouble>();
        var highest = 0L;
        foreach (var share in shares)
        {
            try
            {
                var parsed = VerifyHeader(share.Bytes, cap, byVersion);
                highest = Math.Max(highest, parsed.Seqnum);
                SdmfReader.VerifyBlock(parsed, share.Number, cap);
                var version = byVersion.Find(known => Same(known.First().Value.SignedBytes, parsed.SignedBytes));
                if (version is null)
                {
                    byVersion.Add(version = []);
                }

                version.TryAdd(share.Number, parsed);
            }
            catch (DamagedShareException e)
            {
                troubles.Add(new SdmfShareTrouble(share, e));
            }
        }

        var versions = byVersion.ConvertAll(found => new SdmfVersionShares(found));
        versions.Sort((left, right) => (right.Seqnum, right.RootHash).CompareTo((left.Seqnum, left.RootHash)));
        return new SdmfShareMap(versions, troubles, highest);
    }

    public override string ToString() => $"SdmfShareMap({_versions.Count} versions, best {Best?.Seqnum ?? 0}, {_troubles.Count} damaged shares)";

    /// <summary>Why there is no best version.</summary>
    internal DamagedShareException Unrecoverable()
    {
        var found = string.Concat(_versions.Select(version => $" Of version {version.Seqnum}: {version.Shares.Count} of {version.K}."));
        var damaged = string.Concat(_troubles.Select(trouble => $" Share {trouble.Share.Number}: {trouble.Error.Message}"));
        return new DamagedShareException(
            ShareDamage.TooFewShares, $"No version has as many sound shares as it needs.{found}{damaged}", _troubles.FirstOrDefault()?.Error);
    }

    /// <summary>All shares of a version carry the same key and signature, so that one verification is enough for those that are equal.</summary>
    private static SdmfShare VerifyHeader(ReadOnlyMemory<byte> bytes, MutableVerifyCap cap, List<SortedDictionary<int, SdmfShare>> verified)
    {
        var parsed = SdmfShare.Parse(bytes);
        var isKnown = verified.Exists(version => version.First().Value is var known
            && Same(known.SignedBytes, parsed.SignedBytes) && Same(known.Signature, parsed.Signature) && Same(known.PublicKey, parsed.PublicKey));
        return isKnown ? parsed : SdmfReader.VerifyHeader(bytes, cap);
    }

    private static bool Same(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right) => left.Span.SequenceEqual(right.Span);
}
