using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Joining;

/// <summary>
/// The join of two snapshots (docs/promises.md): commutative, associative and idempotent, so all who read each other converge in whatever order.
/// (The optimized add-wins map: Bieniusa et al. 2012; Almeida, Shoker, Baquero 2018; cf. Cox and Josephson's vector time pairs, 2005.)
/// </summary>
public static class Join
{
    /// <summary>Differences that the first walk keeps for the second: some MiB, no more than the nodes that were decoded on the way.</summary>
    private const int MostRemembered = 65_536;

    /// <summary>
    /// Joins theirs into ours. Subtrees that both have are not visited; if every difference goes one way, the result is that tree as it is. Nothing is
    /// reported or saved before all of theirs has been checked.
    /// </summary>
    /// <param name="ours">Our tree; the result is built in its store.</param>
    /// <param name="ourContext">What we have seen. It need not cover our own versions that are not sealed yet.</param>
    /// <param name="theirs">Their tree, verified (<see cref="Dmt.Verify"/>).</param>
    /// <param name="theirContext">What they have seen, their own snapshot included.</param>
    /// <param name="changed">Called for each path whose entry differs between ours (left) and the result (right), ascending.</param>
    /// <param name="maker">Who made theirs; what it shows of itself for the first time takes the place of what others told under the same dot. Nobody by default.</param>
    /// <exception cref="DamagedBytesException">
    /// <see cref="DamageReason.Fork"/>: unequal values under any other dot. <see cref="DamageReason.Malformed"/>: they hold a version that they say they have
    /// not seen. <see cref="DamageReason.TooLarge"/>: more versions of one path than a tree admits, or than one maker may have. The message names the path.
    /// </exception>
    public static JoinResult Compute(
        Dmt ours, VersionContext ourContext, Dmt theirs, VersionContext theirContext, Action<DmtDifference>? changed = null, SnapshotMaker maker = default)
    {
        var context = ourContext.Merge(theirContext);
        long fromOurs = 0;
        long fromTheirs = 0;
        var found = new List<DmtDifference>();
        var kept = ImmutableArray.CreateBuilder<Sibling>();
        foreach (var difference in Dmt.Diff(ours, theirs))
        {
            var joined = Entries(difference, ourContext, theirContext, maker, kept);
            if (!Equals(joined, difference.Right)) fromTheirs++;
            if (Equals(joined, difference.Left)) continue;
            fromOurs++;
            if (found.Count < MostRemembered) found.Add(difference with { Right = joined });
        }
        if (fromOurs == 0) return new JoinResult(ours, context, 0);

        // The number of differences has no bound: where it is great, a second walk finds them again.
        var changes = Changes(fromOurs == found.Count ? found : Walk(ours, ourContext, theirs, theirContext, maker), changed);
        if (fromTheirs > 0) return new JoinResult(ours.With(changes), context, fromOurs);
        if (changed is not null)
        {
            foreach (var _ in changes)
            {
            }
        }
        return new JoinResult(theirs, context, fromOurs);
    }

    /// <summary>What differs between ours (left) and the result (right), ascending.</summary>
    private static IEnumerable<DmtDifference> Walk(Dmt ours, VersionContext ourContext, Dmt theirs, VersionContext theirContext, SnapshotMaker maker)
    {
        var kept = ImmutableArray.CreateBuilder<Sibling>();
        foreach (var difference in Dmt.Diff(ours, theirs))
        {
            var joined = Entries(difference, ourContext, theirContext, maker, kept);
            if (!Equals(joined, difference.Left)) yield return difference with { Right = joined };
        }
    }

    private static IEnumerable<DmtEdit> Changes(IEnumerable<DmtDifference> differences, Action<DmtDifference>? changed)
    {
        foreach (var difference in differences)
        {
            changed?.Invoke(difference);
            yield return new DmtEdit(difference.Path, difference.Right);
        }
    }

    /// <param name="difference">Of our tree and theirs.</param>
    /// <param name="ourContext">What we have seen.</param>
    /// <param name="theirContext">What they have seen.</param>
    /// <param name="maker">Who made theirs.</param>
    /// <param name="kept">Room for the versions that stay; what was in it is dropped.</param>
    private static Entry? Entries(DmtDifference difference, VersionContext ourContext, VersionContext theirContext, SnapshotMaker maker, ImmutableArray<Sibling>.Builder kept)
    {
        var path = difference.Path;
        var ours = Siblings(difference.Left);
        var theirs = Siblings(difference.Right);
        if (difference.Right is { } made && !maker.MayHave(made)) throw Refuse(DamageReason.TooLarge, path, "there are too many versions of it by its maker alone");
        kept.Clear();
        // Both are ascending by dot, so one pass over both meets equal dots together.
        int i = 0;
        int j = 0;
        while (i < ours.Length || j < theirs.Length)
        {
            int order = i == ours.Length ? 1 : j == theirs.Length ? -1 : ours[i].Dot.CompareTo(theirs[j].Dot);
            if (order >= 0 && !theirContext.Covers(theirs[j].Dot)) throw Refuse(DamageReason.Malformed, path, "it holds a version that it has not seen");
            if (order == 0)
            {
                if (ours[i].Value != theirs[j].Value && !maker.ShowsFirst(theirs[j].Dot)) throw Refuse(DamageReason.Fork, path, "there are two different values of one version");
                kept.Add(theirs[j]);
            }
            else if (order < 0)
            {
                if (!theirContext.Covers(ours[i].Dot)) kept.Add(ours[i]);
            }
            else if (!ourContext.Covers(theirs[j].Dot))
            {
                kept.Add(theirs[j]);
            }
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        if (IsAllOf(theirs, kept)) return difference.Right;
        if (IsAllOf(ours, kept)) return difference.Left;
        var entry = Entry.From(kept);
        return entry is null || Dmt.Admits(entry) ? entry : throw Refuse(DamageReason.TooLarge, path, "there are too many versions");
    }

    /// <summary>Are these the versions that stay?</summary>
    private static bool IsAllOf(ReadOnlySpan<Sibling> siblings, ImmutableArray<Sibling>.Builder kept)
    {
        if (siblings.Length != kept.Count) return false;
        for (int i = 0; i < siblings.Length; i++)
            if (siblings[i] != kept[i]) return false;
        return true;
    }

    private static ReadOnlySpan<Sibling> Siblings(Entry? entry) => entry is null ? [] : entry.Siblings.AsSpan();

    private static DamagedBytesException Refuse(DamageReason reason, RelativePath path, string why) =>
        new(reason, $"A snapshot cannot be joined at {path}: {why}.");
}
