using System.Collections.Immutable;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.History;

/// <summary>
/// Puts the histories of several participants into one order: every snapshot comes after the one before it in its history, and after all that its maker had seen. Only among those of
/// which none has seen the other the clocks decide (Kahn's algorithm with a queue by time). Pure.
/// </summary>
internal sealed class CausalOrder
{
    /// <summary>All snapshots, those of a history next to one another, oldest first.</summary>
    private readonly List<Item> _items = [];

    /// <summary>By history: the next to be placed, and the end.</summary>
    private readonly List<(int Next, int End)> _histories = [];

    /// <summary>By actor, for each history that has snapshots of it: their numbers, ascending, and which items they are. Others may claim to be an actor, too.</summary>
    private readonly Dictionary<ActorId, List<(int History, long[] Seqs, int[] Items)>> _byActor = [];

    private readonly PriorityQueue<int, (long Time, int History)> _ready = new();

    private CausalOrder(IEnumerable<IReadOnlyList<LoggedSnapshot>> histories)
    {
        foreach (var history in histories) Add(history);
        foreach (var actors in _items.Select((item, i) => (item.History, item.Snapshot, Index: i)).GroupBy(one => (one.Snapshot.Snapshot.Actor, one.History)))
        {
            var bySeq = actors.OrderBy(one => one.Snapshot.Seq).ToArray();
            if (!_byActor.TryGetValue(actors.Key.Actor, out var places)) _byActor.Add(actors.Key.Actor, places = []);
            places.Add((actors.Key.History, [.. bySeq.Select(one => one.Snapshot.Seq)], [.. bySeq.Select(one => one.Index)]));
        }
    }

    /// <param name="histories">Each newest first.</param>
    internal static ImmutableArray<LoggedSnapshot> NewestFirst(IEnumerable<IReadOnlyList<LoggedSnapshot>> histories) => new CausalOrder(histories).Place();

    private void Add(IReadOnlyList<LoggedSnapshot> history)
    {
        var times = SettledTimes.Of([.. history.Select(snapshot => snapshot.TimeMs)]);
        int number = _histories.Count;
        _histories.Add((_items.Count, _items.Count + history.Count));
        for (int i = history.Count - 1; i >= 0; i--) _items.Add(new Item(history[i], number, times[i]));
    }

    private ImmutableArray<LoggedSnapshot> Place()
    {
        for (int i = 0; i < _items.Count; i++) Await(i);
        for (int i = 0; i < _items.Count; i++)
            if (_items[i].Awaited == 0) Enqueue(i);
        var placed = ImmutableArray.CreateBuilder<LoggedSnapshot>(_items.Count);
        while (placed.Count < _items.Count)
        {
            int next = _ready.TryDequeue(out int first, out _) ? first : FirstOfACircle();
            var item = _items[next];
            item.IsPlaced = true;
            _histories[item.History] = _histories[item.History] with { Next = next + 1 };
            placed.Add(item.Snapshot);
            foreach (int follower in item.Followers)
                if (--_items[follower].Awaited == 0 && !_items[follower].IsPlaced) Enqueue(follower);
        }
        placed.Reverse();
        return placed.MoveToImmutable();
    }

    /// <summary>Notes what comes before an item. Of each actor the newest that it has seen is enough: the older ones come before that.</summary>
    private void Await(int index)
    {
        var item = _items[index];
        if (index > _histories[item.History].Next) Follow(index - 1);
        foreach (var (actor, seen) in item.Snapshot.Context.Seen)
        {
            foreach (var (history, seqs, items) in _byActor.GetValueOrDefault(actor, []))
            {
                int place = Array.BinarySearch(seqs, seen);
                if (place < 0) place = ~place - 1;
                if (place >= 0 && history != item.History) Follow(items[place]);
            }
        }

        void Follow(int earlier)
        {
            _items[earlier].Followers.Add(index);
            item.Awaited++;
        }
    }

    // Of equal times those of the first history are the newest.
    private void Enqueue(int index) => _ready.Enqueue(index, (_items[index].Time, -_items[index].History));

    /// <summary>Who claims to have seen what was made later makes a circle. It is no reason to show nothing, and a history keeps its order.</summary>
    private int FirstOfACircle() => _histories.Where(history => history.Next < history.End).Select(history => history.Next).MinBy(index => (_items[index].Time, -_items[index].History));

    private sealed class Item(LoggedSnapshot snapshot, int history, long time)
    {
        internal LoggedSnapshot Snapshot { get; } = snapshot;

        internal int History { get; } = history;

        internal long Time { get; } = time;

        internal List<int> Followers { get; } = [];

        internal int Awaited { get; set; }

        internal bool IsPlaced { get; set; }
    }
}
