using System.Collections.Immutable;
using MagicFolder.Grid.Placement;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    /// <summary>Looks at every byte of every share on every server. Reads only, and needs no more than the verify cap.</summary>
    /// <exception cref="ArgumentException">Not the cap of a file.</exception>
    /// <remarks>What is wrong with shares or servers is in the answer.</remarks>
    public async Task<GridCheck> CheckAsync(Cap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        switch (cap)
        {
            case LiteralCap:
                return GridCheck.Literal;
            case ChkCap or ChkVerifyCap:
                var verify = (ChkVerifyCap)cap.ToVerifyCap()!;
                await using (var opened = await OpenSharesAsync(verify.StorageIndex, cancel))
                {
                    return Describe(verify, opened, await JudgeAsync(verify, opened, cancel));
                }

            case MutableWriteCap or MutableReadCap or MutableVerifyCap:
                await using (var survey = await SurveyAsync((MutableVerifyCap)cap.ToVerifyCap()!, everyByte: true, cancel))
                {
                    return Describe(survey);
                }

            default:
                throw new ArgumentException($"{cap} is not the cap of a file.", nameof(cap));
        }
    }

    /// <summary>What is wrong with each of the shares; null for a sound one.</summary>
    private static async Task<Exception?[]> JudgeAsync(ChkVerifyCap cap, OpenedShares opened, CancellationToken cancel)
    {
        var judged = new Exception?[opened.Shares.Count];
        for (var i = 0; i < judged.Length; i++)
        {
            var share = opened.Shares[i];
            try
            {
                await ChkShareVerifier.VerifyAsync(cap, new NumberedShare(share.Number, share.Handle), cancel);
            }
            catch (DamagedShareException e)
            {
                judged[i] = e;
            }
            catch (GridException e)
            {
                judged[i] = e;
                opened.Roll.Add(share.Server, e);
            }
        }

        return judged;
    }

    private GridCheck Describe(ChkVerifyCap cap, OpenedShares opened, Exception?[] judged)
    {
        var shares = opened.Shares.Select((share, i) => new CheckedShare(share.Number, share.Server.Name, judged[i]?.Message, null));
        var sound = opened.Shares.Where((_, i) => judged[i] is null).ToArray();
        var distinct = sound.Select(share => share.Number).Distinct().Count();
        var happiness = SharePlacement.Happiness(Held(opened.Roll, sound.Select(share => (share.Server, share.Number))), cap.N);
        return new GridCheck(
            cap.StorageIndex.ToString(), cap.K, cap.N, Sorted(shares.Concat(opened.Damaged.Select(Describe))), [], [.. opened.Roll.Troubles], happiness,
            IsRecoverable: distinct >= cap.K, IsHealthy: distinct == cap.N && happiness >= Math.Min(_spread.Happy, cap.N));
    }

    private GridCheck Describe(MutableSurvey survey)
    {
        var map = survey.Map;
        var shares = survey.Shares.Select(share => survey.TroubleOf(share) is { } trouble
            ? new CheckedShare(share.Number, share.Server.Name, trouble.Message, null)
            : new CheckedShare(share.Number, share.Server.Name, null, share.Seqnum));
        var best = survey.Best;
        var (k, n) = best is null ? (0, 0) : (best.K, best.N);
        var happiness = best is null ? 0 : SharePlacement.Happiness(
            Held(survey.Roll, survey.Shares.Where(share => survey.IsOf(share, best.Checkstring.Span)).Select(share => (share.Server, share.Number))), n);
        return new GridCheck(
            survey.Index.ToString(), k, n, Sorted(shares.Concat(survey.Unreadable.Select(Describe))),
            [.. map.Versions.Select(version => new CheckedVersion(version.Seqnum, version.Numbers.Count, version.K, version.N))],
            [.. survey.Roll.Troubles], happiness, IsRecoverable: best is not null,
            IsHealthy: best is not null && map.Versions.Count == 1 && best.Numbers.Count == n && !map.HasNewerUnrecoverable && happiness >= Math.Min(_spread.Happy, n));
    }

    private static CheckedShare Describe(DamagedPlace place) => new(place.Number, place.Server.Name, place.Error.Message, null);

    private static ImmutableArray<CheckedShare> Sorted(IEnumerable<CheckedShare> shares) =>
        [.. shares.OrderBy(share => share.Number).ThenBy(share => share.Server, StringComparer.Ordinal)];

    /// <summary>What the servers hold, by their order in the roll.</summary>
    private static ServerHoldings[] Held(ServerRoll roll, IEnumerable<(NamedServer Server, int Number)> shares)
    {
        var holdings = roll.Servers.Select(server => new ServerHoldings { TakesShares = !roll.Failed(server) }).ToArray();
        foreach (var (server, number) in shares)
        {
            holdings[IndexOf(roll, server)].Held.Add(number);
        }

        return holdings;
    }
}
