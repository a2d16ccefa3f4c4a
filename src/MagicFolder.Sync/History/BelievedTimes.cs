using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.History;

/// <summary>
/// When snapshots were made, for somebody who asks in the time of one participant: what the maker's clock said, unless it cannot be right. One who had seen what this participant made
/// later by its clock is behind, and it is when this participant first knew of it that counts. So is one more than a day ahead of that. Pure.
/// </summary>
internal sealed class BelievedTimes
{
    private readonly string _participant;

    private readonly Dictionary<(string Participant, BlobId Id), long> _settled = [];

    /// <summary>Those of the participant, oldest first; never falling.</summary>
    private readonly long[] _times;

    /// <summary>Of each of its actors the numbers, ascending, and the places.</summary>
    private readonly Dictionary<ActorId, List<(long Seq, int Place)>> _own = [];

    /// <summary>Of each actor what it had seen, ascending, and from which place on.</summary>
    private readonly Dictionary<ActorId, List<(long Seq, int Place)>> _seen = [];

    internal BelievedTimes(ImmutableArray<LoggedSnapshot> newestFirst, string participant)
    {
        _participant = participant;
        foreach (var history in newestFirst.GroupBy(snapshot => snapshot.Participant))
        {
            var times = SettledTimes.Of([.. history.Select(snapshot => snapshot.TimeMs)]);
            foreach (var (snapshot, time) in history.Zip(times)) _settled.TryAdd((snapshot.Participant, snapshot.Id), time);
        }
        LoggedSnapshot[] own = [.. newestFirst.Where(snapshot => snapshot.Participant == participant).Reverse()];
        _times = [.. own.Select(snapshot => _settled[(participant, snapshot.Id)])];
        for (int place = 0; place < own.Length; place++)
        {
            Note(_own, own[place].Snapshot.Actor, own[place].Seq, place);
            foreach (var (actor, seq) in own[place].Context.Seen) Note(_seen, actor, seq, place);
        }
    }

    /// <summary>Milliseconds since the epoch; <see cref="long.MaxValue"/> when nothing tells it yet.</summary>
    /// <param name="snapshot">One of those that it was made of.</param>
    internal long Of(LoggedSnapshot snapshot)
    {
        long said = _settled[(snapshot.Participant, snapshot.Id)];
        if (snapshot.Participant == _participant) return said;
        long earliest = Earliest(snapshot);
        long latest = Latest(snapshot);
        return said < earliest || SettledTimes.IsFarBehind(latest, said) ? latest : said;
    }

    /// <summary>When the participant made the newest that this one's maker had seen.</summary>
    private long Earliest(LoggedSnapshot snapshot)
    {
        long earliest = long.MinValue;
        foreach (var (actor, numbers) in _own)
        {
            int next = FirstAbove(numbers, snapshot.Context[actor]);
            if (next > 0) earliest = Math.Max(earliest, _times[numbers[next - 1].Place]);
        }
        return earliest;
    }

    /// <summary>When the participant published for the first time after it had seen this one.</summary>
    private long Latest(LoggedSnapshot snapshot)
    {
        if (!_seen.TryGetValue(snapshot.Snapshot.Actor, out var numbers)) return long.MaxValue;
        int first = FirstAbove(numbers, snapshot.Seq - 1);
        return first < numbers.Count ? _times[numbers[first].Place] : long.MaxValue;
    }

    private static void Note(Dictionary<ActorId, List<(long Seq, int Place)>> notes, ActorId actor, long seq, int place)
    {
        if (!notes.TryGetValue(actor, out var numbers)) notes.Add(actor, numbers = []);
        if (numbers.Count == 0 || numbers[^1].Seq < seq) numbers.Add((seq, place));
    }

    private static int FirstAbove(List<(long Seq, int Place)> numbers, long seq)
    {
        int found = numbers.BinarySearch((seq, int.MaxValue));
        return found < 0 ? ~found : found;
    }
}
