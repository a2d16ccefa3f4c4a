using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Checking;

/// <summary>Looks at objects of the grid, a few at a time, and repairs what can be repaired.</summary>
internal sealed class ObjectCare(IGridCare care, TimeProvider time, CheckProgress progress)
{
    private const int AtOnce = 4;
    private const int MostLooks = 4;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <param name="objects">Each once.</param>
    /// <param name="isMissed">Could something in this object not be read?</param>
    /// <param name="repair">Make again what is missing or damaged.</param>
    /// <param name="cancel">Stops; what was repaired by then stays.</param>
    /// <returns>In the order of <paramref name="objects"/>.</returns>
    internal async Task<CheckedObject[]> LookAsync(IReadOnlyList<StoredObject> objects, Func<StoredObject, bool> isMissed, bool repair, CancellationToken cancel)
    {
        progress.SetObjects(objects.Count);
        var found = new CheckedObject[objects.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(Enumerable.Range(0, objects.Count), options, async (i, stop) =>
        {
            var one = objects[i];
            var (before, after, trouble) = repair ? await RepairAsync(one, stop) : (await CheckAsync(one, stop), null, null);
            bool isNeeded = one.Kind != StoredKind.Pack || before.IsRecoverable || isMissed(one);
            found[i] = new CheckedObject(one.Kind, one.Participant, before.Object, before, after, isNeeded ? trouble : null, isNeeded);
            progress.AddObject(before.Shares.Length, ShareBytes(one.Cap, before.Shares.Length));
        });
        return found;
    }

    /// <summary>While somebody writes a mutable object its servers show two versions; that passes.</summary>
    private async Task<GridCheck> CheckAsync(StoredObject one, CancellationToken cancel)
    {
        var check = await care.CheckAsync(one.Cap, cancel);
        for (int look = 1; look < MostLooks && !check.IsHealthy && check.Versions.Length > 1; look++)
        {
            await Task.Delay(BetweenLooks, time, cancel);
            check = await care.CheckAsync(one.Cap, cancel);
        }
        return check;
    }

    /// <summary>Healthy ones, too: there may be servers again that have no share of them. What can be repaired is looked at only once.</summary>
    private async Task<(GridCheck Before, GridCheck? After, string? Trouble)> RepairAsync(StoredObject one, CancellationToken cancel)
    {
        string? error = null;
        if (one.RepairCap is { } cap)
        {
            (var repair, error) = await TryRepairAsync(cap, cancel);
            if (repair is not null) return (repair.Before, ReferenceEquals(repair.Before, repair.After) ? null : repair.After, null);
        }
        var before = await CheckAsync(one, cancel);
        return (before, null, before.IsHealthy && error is null ? null : WhyNot(one, before, error));
    }

    private async Task<(GridRepair? Repair, string? Trouble)> TryRepairAsync(Cap cap, CancellationToken cancel)
    {
        try
        {
            return (await care.RepairAsync(cap, cancel), null);
        }
        catch (GridException e)
        {
            return (null, e.Message.TrimEnd('.'));
        }
    }

    private static string? WhyNot(StoredObject one, GridCheck before, string? error) => (one.Kind, before.IsRecoverable) switch
    {
        (_, true) when one.RepairCap is not null => error,
        (StoredKind.Personal, true) => $"only {one.Participant} can repair it: run 'magic-folder check --repair' on the computer of {one.Participant}",
        (StoredKind.Collective, true) => "only the admin of the folder can repair it: run 'magic-folder check --repair' there",
        (StoredKind.Personal, false) => $"too little is left to make it again; {one.Participant} writes it again with the next 'magic-folder sync'",
        _ => "too little is left to make it again; bring back a server or a directory that has more",
    };

    private static long ShareBytes(Cap cap, int shares) => cap is ChkCap pack ? shares * ((pack.Size + pack.K - 1) / pack.K) : 0;
}
