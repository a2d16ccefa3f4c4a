using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Undoing;

/// <summary>Which paths were changed at all since a time, as the snapshots of one participant tell, who took over what others did.</summary>
internal sealed class ChangedPaths(HistoryReader reader, SnapshotLog log, BelievedTimes times, Dmt current)
{
    /// <summary>Ascending. All that there is and was when no snapshot is as old as the time.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal async Task<IReadOnlyCollection<RelativePath>> ReadAsync(string participant, long sinceMs, CancellationToken cancel)
    {
        var changed = new SortedSet<RelativePath>();
        var newer = current;
        foreach (var snapshot in log.Snapshots.Where(one => one.Participant == participant))
        {
            if (await TryOpenAsync(snapshot, cancel) is not { } older) continue;
            foreach (var difference in Dmt.Diff(older, newer)) changed.Add(difference.Path);
            newer = older;
            // Clocks differ, and as long as it is believed it is the maker's that decides about each path.
            if (SettledTimes.IsFarBehind(times.Of(snapshot), sinceMs)) return changed;
        }
        foreach (var item in newer.Items()) changed.Add(item.Path);
        return changed;
    }

    /// <summary>Null when it is not there any more.</summary>
    private async ValueTask<Dmt?> TryOpenAsync(LoggedSnapshot snapshot, CancellationToken cancel)
    {
        try
        {
            return await reader.OpenTreeAsync(snapshot, cancel);
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
        {
            return null;
        }
    }
}
