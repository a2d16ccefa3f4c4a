using System.Collections.Immutable;

namespace MagicFolder.Model.Snapshots;

/// <summary>
/// When the snapshots of one participant were made, as far as its clock can be believed: time does not go back from one to the next. Where it seems to, as few as possible are taken for
/// wrong, which is the longest subsequence that is in order (Schensted 1961); of equally many those that are behind, as clocks do that have lost their time.
/// </summary>
public static class SettledTimes
{
    /// <summary>Clocks that differ by less than this are only not quite right. What is wrong by more tells nothing, as that of a computer that began again in 1970.</summary>
    public const long SlackMs = 24 * 60 * 60 * 1000;

    /// <summary>
    /// The times in the same order, never rising. A wrong one becomes what it can have been at the latest, when it is ahead or far behind, and at the earliest, when it is a little behind:
    /// who asks for the state of then rather gets an older one. <see cref="long.MaxValue"/> is a time that nothing tells yet.
    /// </summary>
    /// <param name="newestFirst">What the clock said, in the order of publication.</param>
    public static ImmutableArray<long> Of(IReadOnlyList<long> newestFirst)
    {
        ArgumentNullException.ThrowIfNull(newestFirst);
        var believed = Believed(newestFirst);
        var times = ImmutableArray.CreateBuilder<long>(newestFirst.Count);
        long latest = long.MaxValue;
        int next = 0;
        for (int i = 0; i < newestFirst.Count; i++)
        {
            bool isBelieved = next < believed.Count && believed[next] == i;
            if (isBelieved) next++;
            long earliest = next < believed.Count ? newestFirst[believed[next]] : long.MinValue;
            latest = isBelieved ? newestFirst[i] : Within(earliest, newestFirst[i], latest);
            times.Add(latest);
        }
        return times.MoveToImmutable();
    }

    /// <summary>Is this so much behind that that it tells nothing?</summary>
    public static bool IsFarBehind(long timeMs, long otherMs) => (Int128)otherMs - timeMs > SlackMs;

    private static long Within(long earliest, long said, long latest) =>
        said >= latest || IsFarBehind(said, earliest) ? latest : Math.Max(said, earliest);

    /// <summary>Which of them are in order, ascending: the longest such choice; of several the one with the later times.</summary>
    private static List<int> Believed(IReadOnlyList<long> times)
    {
        // The last of the best choice of each length, and what stands before each in its choice. Times fall with the length.
        var ends = new List<int>();
        int[] before = new int[times.Count];
        for (int i = 0; i < times.Count; i++)
        {
            int length = CountNotBelow(ends, times, times[i]);
            before[i] = length == 0 ? -1 : ends[length - 1];
            if (length < ends.Count) ends[length] = i;
            else ends.Add(i);
        }
        var chosen = new List<int>(ends.Count);
        for (int i = ends.Count == 0 ? -1 : ends[^1]; i >= 0; i = before[i]) chosen.Add(i);
        chosen.Reverse();
        return chosen;
    }

    private static int CountNotBelow(List<int> ends, IReadOnlyList<long> times, long time)
    {
        var (low, high) = (0, ends.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (times[ends[middle]] >= time) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
