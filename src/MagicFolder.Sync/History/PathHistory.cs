using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.History;

/// <summary>
/// From what a path was in each snapshot to the versions that it had. The tree has no tombstones, so a deletion is concluded: it was made with the first snapshot that
/// knew a version and does not have it any more, unless that snapshot only took it over from another which it had seen.
/// </summary>
internal static class PathHistory
{
    /// <param name="states">Newest first.</param>
    /// <param name="petnameOf">Names the maker of a version.</param>
    internal static IReadOnlyList<PathVersion> Of(IReadOnlyList<PathState> states, Func<ActorId, string> petnameOf)
    {
        var placed = new List<(int Place, PathVersion Version)>();
        var makers = Makers(states);
        var deletions = new HashSet<int>();
        foreach (var (dot, (place, value)) in Dots(states, makers))
        {
            placed.Add((place, new PathVersion(states[place].Snapshot, petnameOf(dot.Actor), dot.Seq, value)));
            deletions.UnionWith(Removers(states, dot).Where(remover => states[remover].Entry is null));
        }
        foreach (int place in deletions)
            placed.Add((place, new PathVersion(states[place].Snapshot, states[place].Snapshot.Participant, states[place].Snapshot.Seq, null)));
        return [.. placed.OrderBy(p => p.Place).Select(p => p.Version)];
    }

    private static Dictionary<Dot, int> Makers(IReadOnlyList<PathState> states)
    {
        var makers = new Dictionary<Dot, int>();
        for (int i = 0; i < states.Count; i++) makers.TryAdd(new Dot(states[i].Snapshot.Snapshot.Actor, states[i].Snapshot.Seq), i);
        return makers;
    }

    /// <summary>Every version once, with the place of the snapshot that first published it, else of the oldest that has it.</summary>
    private static Dictionary<Dot, (int Place, EntryValue Value)> Dots(IReadOnlyList<PathState> states, Dictionary<Dot, int> makers)
    {
        var dots = new Dictionary<Dot, (int, EntryValue)>();
        for (int i = states.Count - 1; i >= 0; i--)
        {
            if (states[i].Entry is not { } entry) continue;
            foreach (var (dot, value) in entry.Siblings)
                dots.TryAdd(dot, makers.TryGetValue(dot, out int maker) && states[maker].Entry?.Find(dot) is not null ? (maker, value) : (i, value));
        }
        return dots;
    }

    /// <summary>The snapshots that let go of a version by themselves: of each actor the first that knew it and has it no more, if it had seen no other such one.</summary>
    private static IEnumerable<int> Removers(IReadOnlyList<PathState> states, Dot dot)
    {
        var first = new Dictionary<ActorId, int>();
        for (int i = 0; i < states.Count; i++)
        {
            if (states[i].Snapshot.Context.Covers(dot) && states[i].Entry?.Find(dot) is null) first[states[i].Snapshot.Snapshot.Actor] = i;
        }
        return first.Values.Where(one => !first.Values.Any(other => other != one && states[one].Snapshot.HasSeen(states[other].Snapshot)));
    }
}
