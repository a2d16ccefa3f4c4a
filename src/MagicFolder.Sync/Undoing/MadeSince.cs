using MagicFolder.Model.Versions;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Undoing;

/// <summary>Tells whether a version was made by a participant since a time, by the snapshots that are still known.</summary>
internal sealed class MadeSince(SnapshotLog log, BelievedTimes times, Petnames petnames, string by, long sinceMs)
{
    /// <summary>By actor, ascending by number.</summary>
    private readonly Dictionary<ActorId, LoggedSnapshot[]> _byActor = log.Snapshots
        .Where(snapshot => snapshot.Participant == by).GroupBy(snapshot => snapshot.Snapshot.Actor).ToDictionary(group => group.Key, group => group.OrderBy(one => one.Seq).ToArray());

    /// <summary>Null when it cannot be told: the snapshot is not there any more, and those around it are from before and after the time.</summary>
    internal bool? Is(Dot dot)
    {
        if (!_byActor.TryGetValue(dot.Actor, out var snapshots)) return petnames.Of(dot.Actor) == by ? null : false;
        // Made with a snapshot that is gone, it was made after the one before it, and not after the one behind it.
        var first = Array.Find(snapshots, snapshot => snapshot.Seq >= dot.Seq);
        if (first is null || !IsSince(first)) return first is null ? null : false;
        if (first.Seq == dot.Seq) return true;
        return Array.FindLast(snapshots, snapshot => snapshot.Seq < dot.Seq) is { } last && IsSince(last) ? true : null;
    }

    internal bool? Is(PathVersion version)
    {
        if (version.Participant != by) return false;
        // A deletion is placed at the snapshot that made it, or at one after it.
        if (version.Value is null) return IsSince(version.Snapshot);
        if (version.Snapshot.Participant == by && version.Snapshot.Seq == version.Seq) return IsSince(version.Snapshot);
        // Of a participant who began anew with a new state, the number alone does not tell which of his snapshots it was.
        var answers = _byActor.Keys.Select(actor => Is(new Dot(actor, version.Seq))).Distinct().ToArray();
        return answers is [var only] ? only : null;
    }

    private bool IsSince(LoggedSnapshot snapshot) => times.Of(snapshot) >= sinceMs;
}
