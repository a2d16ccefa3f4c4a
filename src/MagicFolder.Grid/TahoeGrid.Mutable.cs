using System.Collections.Concurrent;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    private const int MaxKeptKeys = 64;

    // Half a second in all: a writer needs a few milliseconds for what it does between its first and its last share.
    private static readonly TimeSpan[] PausesForOthers = [.. ((int[])[20, 60, 140, 280]).Select(ms => TimeSpan.FromMilliseconds(ms))];

    // Parsing a private key costs about as much as signing with it, and a computer publishes to few objects again and again.
    private readonly ConcurrentDictionary<WriteKey, MutableKeys> _keys = new();

    public async Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var cap = keys.ToWriteCap();
        var survey = await LookAsync(cap.ToReadCap(), forWriting: true, cancel);
        if (survey.Best is not null)
        {
            await AcceptOursAsync(cap, survey, 1, content, cancel);
            return;
        }

        if (survey.Map.Troubles.Count > 0)
        {
            throw survey.Unrecoverable(cap.ToReadCap());
        }

        // What somebody has begun and not finished is superseded.
        await WriteAsync(cap, Build(keys, survey.Map.HighestSeqnum + 1, content.Span, _spread.K, _spread.N), content, survey, null, cancel);
    }

    public async Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var survey = await LookAsync(cap, forWriting: false, cancel);
        var version = Decode(survey, cap);
        return new MutableVersion(version.Seqnum, version.Content, version.PublicKey);
    }

    public async Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedSeqnum, 1);
        var seqnum = checked(expectedSeqnum + 1);
        var survey = await LookAsync(cap.ToReadCap(), forWriting: true, cancel);
        var best = survey.Best ?? throw survey.Unrecoverable(cap.ToReadCap());
        if (best.Seqnum != expectedSeqnum)
        {
            await AcceptOursAsync(cap, survey, seqnum, content, cancel);
            return seqnum;
        }

        var publication = Build(KeysOf(cap, best), Math.Max(seqnum, checked(survey.Map.HighestSeqnum + 1)), content.Span, best.K, best.N);
        await WriteAsync(cap, publication, content, survey, null, cancel);
        return publication.Seqnum;
    }

    public async Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfLessThan(seqnum, 1);
        var cap = keys.ToWriteCap();
        // Looked at first: whoever writes after this makes the test fail.
        var before = await LookForTestsAsync(cap, cancel);
        var survey = await LookAsync(cap.ToReadCap(), forWriting: true, cancel);
        if (survey.Best is not null)
        {
            await AcceptOursAsync(cap, survey, seqnum, content, cancel);
        }
        else if (survey.Unrecoverable(cap.ToReadCap()) is { Failure: not (GridFailure.NotFound or GridFailure.Damaged) } trouble)
        {
            // It may well be there, with the servers that fail.
            throw trouble;
        }
        else
        {
            await WriteAsync(cap, Build(keys, seqnum, content.Span, _spread.K, _spread.N), content, survey, before, cancel);
        }
    }

    /// <summary>
    /// Looks at all servers, and again a little later if another writer seems to be at work. A reader goes on with what it can read; a writer waits until it can tell whether it came first.
    /// </summary>
    private async Task<MutableSurvey> LookAsync(MutableReadCap cap, bool forWriting, CancellationToken cancel)
    {
        var verify = cap.ToVerifyCap();
        var survey = await SurveyAsync(verify, cancel);
        for (var look = 0; look < PausesForOthers.Length && !IsSingle && _time is not null && survey.IsUnsettled && (forWriting || survey.Best is null); look++)
        {
            await Task.Delay(PausesForOthers[look], _time, cancel);
            survey = await SurveyAsync(verify, cancel);
        }

        return survey;
    }

    private async Task<MutableSurvey> SurveyAsync(MutableVerifyCap cap, CancellationToken cancel) =>
        await MutableSurvey.TakeAsync(await OpenSharesAsync(cap.StorageIndex, cancel), cap, cancel);

    private static SdmfVersion Decode(MutableSurvey survey, MutableReadCap cap)
    {
        try
        {
            return SdmfReader.Decode(survey.Best ?? throw survey.Unrecoverable(cap), cap);
        }
        catch (DamagedShareException e)
        {
            throw GridDamage.Describe(e, cap.StorageIndex);
        }
    }

    /// <summary>
    /// A write whose answer was lost is repeated by its caller. Each attempt has another IV and signature, so it is the verified number and content that tell that the
    /// version in place is the one to be written. If it has not reached all servers, this ends it. Renewing the lease makes sure that it is durable.
    /// </summary>
    private async Task AcceptOursAsync(MutableWriteCap cap, MutableSurvey survey, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var found = Decode(survey, cap.ToReadCap());
        if (found.Seqnum != seqnum || !found.Content.Span.SequenceEqual(content.Span))
        {
            throw Uncoordinated(cap, found.Seqnum, seqnum);
        }

        if (!IsSingle)
        {
            await WriteAsync(cap, Remake(survey, cap), content, survey, null, cancel);
        }

        await RenewLeaseAsync(cap.StorageIndex, cancel);
    }

    private static GridException Uncoordinated(MutableWriteCap cap, long found, long wanted) => new(
        GridFailure.UncoordinatedWrite, $"The mutable object {cap.StorageIndex} has version {found}; version {wanted} was to be written. Read it again.");

    private static SdmfPublication Remake(MutableSurvey survey, MutableWriteCap cap)
    {
        try
        {
            return survey.Best!.Remake();
        }
        catch (DamagedShareException e)
        {
            throw GridDamage.Describe(e, cap.StorageIndex);
        }
    }

    private SdmfPublication Build(MutableKeys keys, long seqnum, ReadOnlySpan<byte> content, int k, int n)
    {
        Span<byte> iv = stackalloc byte[SdmfPublisher.IvLength];
        _random.Fill(iv);
        return SdmfPublisher.Build(keys, seqnum, content, iv, k, n);
    }

    private MutableKeys KeysOf(MutableWriteCap cap, SdmfVersionShares version)
    {
        if (_keys.TryGetValue(cap.WriteKey, out var known))
        {
            return known;
        }

        DamagedShareException? trouble = null;
        foreach (var share in version.Shares.Values)
        {
            try
            {
                var keys = SdmfReader.ReadKeys(share, cap);
                if (_keys.Count >= MaxKeptKeys)
                {
                    _keys.Clear();
                }

                return _keys.GetOrAdd(cap.WriteKey, keys);
            }
            catch (DamagedShareException e)
            {
                trouble = e;
            }
        }

        throw GridDamage.Describe(trouble!, cap.StorageIndex);
    }
}
