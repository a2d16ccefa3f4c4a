using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// What a set of mutable shares, gathered from any servers, amounts to: which versions there are and which can be read (tahoe-mutable, section 9). The shares decide which format a version has;
/// a cap that names the other one reads it all the same. Of every share the writer and the hashes are verified, up to the signed root; blocks of MDMF are verified when they are read. Immutable.
/// </summary>
public sealed class MutableShareMap
{
    /// <summary>How much of a share is read first, in bytes: all that stands before the blocks of an MDMF share, and the whole of a small SDMF share.</summary>
    public const int HeadLength = 4096;

    private readonly List<MutableVersionShares> _versions;
    private readonly List<ShareTrouble> _troubles;

    private MutableShareMap(List<MutableVersionShares> versions, List<ShareTrouble> troubles, long highestSeqnum)
    {
        (_versions, _troubles) = (versions, troubles);
        HighestSeqnum = highestSeqnum;
        Best = versions.Find(version => version.IsRecoverable);
    }

    /// <summary>All versions of which a sound share is there: the greatest seqnum first, of equal ones the greatest root hash.</summary>
    public IReadOnlyList<MutableVersionShares> Versions => _versions;

    /// <summary>The first of them with k shares; null if there is none.</summary>
    public MutableVersionShares? Best { get; }

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
    /// <param name="shares">Of any versions and in any order.</param>
    /// <param name="cap">The file.</param>
    /// <param name="everyByte">Read and verify all blocks, too: then a share is no trouble only if all of it is sound.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<MutableShareMap> OpenAsync(IEnumerable<NumberedShare> shares, MutableVerifyCap cap, bool everyByte, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(cap);
        var troubles = new List<ShareTrouble>();
        var signed = new List<MutableShareReader>();
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

        var byVersion = new List<List<MutableShareReader>>();
        foreach (var (reader, verifying) in signed.ConvertAll(reader => (reader, TryAsync(() => VerifyAsync(reader, everyByte, cancel)))))
        {
            if ((await verifying).Error is { } error)
            {
                troubles.Add(new ShareTrouble(reader.Share, error));
                continue;
            }

            var version = byVersion.Find(known => known[0].Claim.IsSameVersion(reader.Claim));
            if (version is null)
            {
                byVersion.Add(version = []);
            }

            version.Add(reader);
        }

        cancel.ThrowIfCancellationRequested();
        var versions = byVersion.ConvertAll(MutableVersionShares.Of);
        versions.Sort((left, right) => (right.Seqnum, right.RootHash).CompareTo((left.Seqnum, left.RootHash)));
        return new MutableShareMap(versions, troubles, signed.Select(reader => reader.Claim.Seqnum).DefaultIfEmpty().Max());
    }

    /// <summary>The version to read.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>: no version has k shares; or, if there is a single share, what is wrong with it.</exception>
    public MutableVersionShares RequireBest()
    {
        if (Best is { } best)
        {
            return best;
        }

        if (_versions.Count == 0 && _troubles is [{ Error: DamagedShareException only }])
        {
            throw only;
        }

        var found = string.Concat(_versions.Select(version => $" Of version {version.Seqnum}: {version.Numbers.Count} of {version.K}."));
        var damaged = string.Concat(_troubles.Select(trouble => $" Share {trouble.Share.Number}: {trouble.Error.Message}"));
        var inner = _troubles.Find(trouble => trouble.Damage is null) ?? _troubles.FirstOrDefault();
        throw new DamagedShareException(ShareDamage.TooFewShares, $"No version has as many sound shares as it needs.{found}{damaged}", inner?.Error);
    }

    public override string ToString() => $"MutableShareMap({_versions.Count} versions, best {Best?.Seqnum ?? 0}, {_troubles.Count} damaged shares)";

    private static async Task<MutableShareReader> OpenAsync(NumberedShare share, CancellationToken cancel) => await MutableShareReader.OpenAsync(share, cancel);

    private static async Task<MutableShareReader> VerifyAsync(MutableShareReader reader, bool everyByte, CancellationToken cancel)
    {
        await reader.VerifyHashesAsync(cancel);
        if (everyByte)
        {
            await reader.VerifyBlocksAsync(cancel);
        }

        return reader;
    }

    private static DamagedShareException? Verify(MutableShareReader reader, MutableVerifyCap cap)
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
    private static async Task<(MutableShareReader? Reader, Exception? Error)> TryAsync(Func<Task<MutableShareReader>> action)
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
