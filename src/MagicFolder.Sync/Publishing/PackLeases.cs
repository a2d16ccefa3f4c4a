using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Sync.Reporting;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Publishing;

/// <summary>
/// Our leases on packs. A pack that the storage does not have or has damaged is marked as lost: what is in it counts as not stored, and a lease ends that. No pack keeps
/// others from being leased, or a head from being written.
/// </summary>
internal sealed class PackLeases(EngineParts parts, EngineTools tools)
{
    private const string Where = "stored packs";
    private readonly StandingProblem _problem = new(parts.State.Problems, "packs");

    /// <summary>A publisher holds its own lease on every pack that it refers to before the head is written. Within a transaction.</summary>
    /// <returns>False if a pack has gone in which something counted as stored: no head may be written before that is stored again.</returns>
    internal async Task<bool> RenewDueAsync(CancellationToken cancel)
    {
        long renewBefore = (parts.Time.GetUtcNow() + (Blobs.StateCatalog.LeaseDuration / 2)).ToUnixTimeMilliseconds();
        var due = parts.State.Packs.LeaseDue(renewBefore);
        var reliedOn = due.Where(parts.State.Packs.IsReliedOn).ToArray();
        await RenewAsync(due, cancel);
        return reliedOn.All(parts.State.Packs.IsReliedOn);
    }

    /// <summary>Looks whether what was lost is back; only when something was reported, since a pack may be gone for good.</summary>
    internal async Task LookForLostAsync(CancellationToken cancel)
    {
        if (!_problem.IsThere) return;
        using var transaction = parts.State.Begin();
        await RenewAsync([.. parts.State.Packs.AllLost()], cancel);
        transaction.Commit();
    }

    /// <summary>True if the storage has all of them.</summary>
    internal async Task<bool> RenewAsync(IReadOnlyList<PackRef> packs, CancellationToken cancel)
    {
        bool all = true;
        int troubles = 0;
        GridException? first = null;
        foreach (var pack in packs)
        {
            // What others call a pack need not be one.
            if (!Cap.TryParse(pack.Reveal(), out var parsed) || parsed is not ChkCap cap) continue;
            try
            {
                if (await parts.Grid.RenewLeaseAsync(cap.StorageIndex, cancel))
                {
                    tools.Catalog.PackLeased(pack);
                    continue;
                }
                parts.State.Packs.MarkLost(pack);
            }
            catch (GridException e) when (e.Failure is GridFailure.Damaged or GridFailure.Denied)
            {
                // What is only denied may well be there: storing all of it again would be the greater harm.
                if (e.Failure == GridFailure.Damaged) parts.State.Packs.MarkLost(pack);
                troubles++;
                first ??= e;
            }
            catch (GridException e) when (e.Failure == GridFailure.Io)
            {
                // Its disk fails at this one: what is in it may be read again some day.
                if (!await tools.Reach.FailsAloneAsync(e, cancel)) throw;
                troubles++;
                first ??= e;
            }
            all = false;
        }
        Report(troubles, first);
        return all;
    }

    private void Report(int troubles, GridException? first)
    {
        if (first is null) _problem.Clear();
        else _problem.Set(new Problem(Where, $"{troubles} of them cannot be leased; the first: {first.Message.TrimEnd('.')}", "all else is published; bring the storage back from a backup"));
    }
}
