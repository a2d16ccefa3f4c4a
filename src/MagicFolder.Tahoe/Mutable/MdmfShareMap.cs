using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// What a set of MDMF shares, gathered from any servers, amounts to: which versions there are and which can be read (tahoe-mutable, section 9). Of every share the writer and the
/// block hashes are verified, up to the signed root; blocks are verified when they are read. Immutable.
/// </summary>
public sealed class MdmfShareMap
{
    private readonly List<MdmfVersionShares> _versions;
    private readonly List<ShareTrouble> _troubles;

    private MdmfShareMap(List<MdmfVersionShares> versions, List<ShareTrouble> troubles, long highestSeqnum)
    {
        (_versions, _troubles) = (versions, troubles);
        HighestSeqnum = highestSeqnum;
        Best = versions.Find(version => version.IsRecoverable);
    }

    /// <summary>All versions of which a sound share is there: the greatest seqnum first, of equal ones the greatest root hash.</summary>
    public IReadOnlyList<MdmfVersionShares> Versions => _versions;

    /// <summary>The first of them with k shares; null if there is none.</summary>
    public MdmfVersionShares? Best { get; }

    /// <summary>Shares that do not verify, or whose sources fail.</summary>
    public IReadOnlyList<ShareTrouble> Troubles => _troubles;

    /// <summary>Of all shares with a good signature, also of those with damaged hashes; 0 without any. The next version must have a greater one.</summary>
    public long HighestSeqnum { get; }

    /// <summary>A version that somebody has published after the best one and that cannot be read from these shares.</summary>
    public bool HasNewerUnrecoverable => HighestSeqnum > (Best?.Seqnum ?? 0);

    /// <summary>Two writers have published under the same seqnum.</summary>
    public bool NeedsMerge => Best is { } best && _versions.Count(version => version.IsRecoverable && version.Seqnum == best.Seqnum) > 1;

    /// <summary>
    /// Verifies shares and sorts them by the version they are of. The same number may come from several servers. The sources of different shares are read at the same time; what one
    /// throws speaks against its share only.
    /// </summary>
    public static async Task<MdmfShareMap> OpenAsync(IEnumerable<NumberedShare> shares, MutableVerifyCap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(cap);
        var troubles = new List<ShareTrouble>();
        var signed = new List<MdmfShareReader>();
        foreach (var (share, opening) in shares.Select(share => (share, TryAsync(() => OpenAsync(share, cancel)))).ToList())
        {
            var (reader, error) = await opening;
            error ??= reader is null || signed.Exists(reader.HasAuthorshipOf) ? null : Verify(reader, cap);
            if (error is null)
            {
                signed.Add(reader!);
            }
            else
            {
                troubles.Add(new ShareTrouble(share, error));
            }
        }

        var byVersion = new List<List<MdmfShareReader>>();
        foreach (var (reader, verifying) in signed.ConvertAll(reader => (reader, TryAsync(() => VerifyHashesAsync(reader, cancel)))))
        {
            if ((await verifying).Error is { } error)
            {
                troubles.Add(new ShareTrouble(reader.Share, error));
                continue;
            }

            var version = byVersion.Find(known => known[0].Header.SignedBytes.Span.SequenceEqual(reader.Header.SignedBytes.Span));
            if (version is null)
            {
                byVersion.Add(version = []);
            }

            version.Add(reader);
        }

        cancel.ThrowIfCancellationRequested();
        var versions = byVersion.ConvertAll(found => new MdmfVersionShares(found));
        versions.Sort((left, right) => (right.Seqnum, right.RootHash).CompareTo((left.Seqnum, left.RootHash)));
        return new MdmfShareMap(versions, troubles, signed.Select(reader => reader.Header.Seqnum).DefaultIfEmpty().Max());
    }

    /// <summary>The version to read.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>: no version has k shares.</exception>
    public MdmfVersionShares RequireBest()
    {
        if (Best is { } best)
        {
            return best;
        }

        var found = string.Concat(_versions.Select(version => $" Of version {version.Seqnum}: {version.Numbers.Count} of {version.K}."));
        var damaged = string.Concat(_troubles.Select(trouble => $" Share {trouble.Share.Number}: {trouble.Error.Message}"));
        var inner = _troubles.Find(trouble => trouble.Damage is null) ?? _troubles.FirstOrDefault();
        throw new DamagedShareException(ShareDamage.TooFewShares, $"No version has as many sound shares as it needs.{found}{damaged}", inner?.Error);
    }

    public override string ToString() => $"MdmfShareMap({_versions.Count} versions, best {Best?.Seqnum ?? 0}, {_troubles.Count} damaged shares)";

    private static async Task<MdmfShareReader> OpenAsync(NumberedShare share, CancellationToken cancel) => await MdmfShareReader.OpenAsync(share, cancel);

    private static async Task<MdmfShareReader> VerifyHashesAsync(MdmfShareReader reader, CancellationToken cancel)
    {
        await reader.VerifyHashesAsync(cancel);
        return reader;
    }

    private static DamagedShareException? Verify(MdmfShareReader reader, MutableVerifyCap cap)
    {
        try
        {
            reader.VerifyAuthorship(cap);
            return null;
        }
        catch (DamagedShareException e)
        {
            return e;
        }
    }

    /// <summary>Sources are foreign code, so whatever one throws is a result.</summary>
    private static async Task<(MdmfShareReader? Reader, Exception? Error)> TryAsync(Func<Task<MdmfShareReader>> action)
    {
        try
        {
            return (await action(), null);
        }
        catch (Exception e)
        {
            return (null, e);
        }
    }
}
