using MagicFolder.Grid.Placement;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    /// <summary>
    /// Checks, and makes what is missing or damaged again from the rest, as far as servers take it. Immutable shares that are damaged stay where they are, since no server lets them be changed; another
    /// server gets what should be there. A mutable object with a single version gets the shares of that version back; one with several is published anew. Servers without any share get one, also when
    /// nothing is missing: what was stored while they were away is spread over all.
    /// </summary>
    /// <param name="cap">Of an immutable file any cap; of a mutable one the write cap.</param>
    /// <param name="cancel">Stops; what was written by then stays.</param>
    /// <exception cref="ArgumentException">A mutable file cannot be repaired with less than its write cap.</exception>
    /// <exception cref="GridException">
    /// It cannot be read any more. Or <see cref="GridFailure.Damaged"/>: a newer version cannot be read, or there are two of one number, so that repairing would lose one.
    /// </exception>
    public async Task<GridRepair> RepairAsync(Cap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        return cap switch
        {
            LiteralCap => new GridRepair(GridCheck.Literal, GridCheck.Literal),
            ChkCap or ChkVerifyCap => await RepairAsync((ChkVerifyCap)cap.ToVerifyCap()!, cancel),
            MutableWriteCap write => await RepairAsync(write, cancel),
            _ => throw new ArgumentException($"{cap} does not allow to repair: it takes the write cap of a mutable file, or any cap of an immutable one.", nameof(cap)),
        };
    }

    private async Task<GridRepair> RepairAsync(ChkVerifyCap cap, CancellationToken cancel)
    {
        await using var opened = await OpenSharesAsync(cap.StorageIndex, cancel);
        var judged = await JudgeAsync(cap, opened, cancel);
        var before = Describe(cap, opened, judged);
        var sound = opened.Shares.Where((_, i) => judged[i] is null).ToArray();
        if (!before.IsRecoverable)
        {
            throw opened.Shares.Count == 0
                ? opened.Nothing()
                : opened.TooLittle(new DamagedShareException(
                    ShareDamage.TooFewShares, $"{cap.K} shares are needed, and {sound.DistinctBy(share => share.Number).Count()} are sound.", Array.Find(judged, error => error is not null)));
        }

        var holdings = Held(opened.Roll, sound.Select(share => (share.Server, share.Number)));
        foreach (var (server, number) in opened.Shares.Where((_, i) => judged[i] is not null).Select(share => (share.Server, share.Number))
            .Concat(opened.Damaged.Select(place => (place.Server, place.Number))))
        {
            Block(opened.Roll, holdings, server, number);
        }

        try
        {
            await using var spread = new ShareSpread(cap.StorageIndex, opened.Roll, holdings, cap.N, happy: 0);
            var repairer = await ChkRepairer.OpenAsync(cap, [.. sound.Select(share => new NumberedShare(share.Number, share.Handle))], cancel);
            await spread.BeginAsync(repairer.ShareSize, cancel);
            if (!spread.IsSendingAny)
            {
                return new GridRepair(before, before);
            }

            await repairer.WriteAsync(spread.Streams, cancel);
            await spread.FinishAsync(cancel);
        }
        catch (DamagedShareException e)
        {
            throw opened.TooLittle(e);
        }

        return new GridRepair(before, await CheckAsync(cap, cancel));
    }

    private async Task<GridRepair> RepairAsync(MutableWriteCap cap, CancellationToken cancel)
    {
        var read = cap.ToReadCap();
        // While somebody writes it, servers show two versions; that passes, and is no reason for a third.
        await using var survey = await LookAsync(read, look => look.IsUnsettled || look.Map.Versions.Count > 1, everyByte: true, cancel);
        var before = Describe(survey);
        var best = survey.Best ?? throw survey.Unrecoverable();
        if (survey.Map.HasNewerUnrecoverable || survey.Map.NeedsMerge)
        {
            throw new GridException(
                GridFailure.Damaged,
                survey.Map.NeedsMerge
                    ? $"The mutable object {cap.StorageIndex} has two versions {best.Seqnum}; repairing would lose one of them. Write what it should be."
                    : $"Of version {survey.Map.HighestSeqnum} of the mutable object {cap.StorageIndex} too few shares are there, and repairing would lose it. Bring back the servers that have more, or write what it should be.");
        }

        if (before.IsHealthy && survey.IsUniform && !MutableWriting.NeedsHomes(survey, best.N))
        {
            return new GridRepair(before, before);
        }

        var content = await ReadAllAsync(survey, read, cancel);
        var version = survey.Map.Versions.Count == 1 && CanBeRemade(best)
            ? await RemakeAsync(survey, cancel)
            : await BuildAsync(KeysOf(cap, best), best.Format, checked(survey.Map.HighestSeqnum + 1), content, best.K, best.N, cancel);
        await WriteAsync(cap, version, WantedContent.Whole(content), survey, null, cancel);
        return new GridRepair(before, await CheckAsync(cap, cancel));
    }
}
