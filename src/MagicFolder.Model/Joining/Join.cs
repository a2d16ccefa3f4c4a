using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Joining;

/// <summary>
/// The join of two snapshots (design, section 4): commutative, associative and idempotent, so all who read each other converge in whatever order.
/// (The optimized add-wins map: Bieniusa et al. 2012; Almeida, Shoker, Baquero 2018; cf. Cox and Josephson's vector time pairs, 2005.)
/// </summary>
public static class Join
{
    /// <summary>
    /// Joins theirs into ours. Subtrees that both have are not visited; if every difference goes one way, the result is that tree as it is. Nothing is
    /// reported or saved before all of theirs has been checked.
    /// </summary>
    /// <param name="ours">Our tree; the result is built in its store.</param>
    /// <param name="ourContext">What we have seen. It need not cover our own versions that are not sealed yet.</param>
    /// <param name="theirs">Their tree, verified (<see cref="Dmt.Verify"/>).</param>
    /// <param name="theirContext">What they have seen, their own snapshot included.</param>
    /// <param name="changed">Called for each path whose entry differs between ours (left) and the result (right), ascending.</param>
    /// <exception cref="DamagedBytesException">
    /// <see cref="DamageReason.Fork"/>: unequal values under one dot. <see cref="DamageReason.Malformed"/>: they hold a version that they say they have
    /// not seen. <see cref="DamageReason.TooLarge"/>: more versions of one path than a tree admits. The message names the path.
    /// </exception>
    public static JoinResult Compute(
        Dmt ours, VersionContext ourContext, Dmt theirs, VersionContext theirContext, Action<DmtDifference>? changed = null)
    {
        var context = ourContext.Merge(theirContext);
        long fromOurs = 0;
        long fromTheirs = 0;
        foreach (var difference in Dmt.Diff(ours, theirs))
        {
            var joined = Entries(difference, ourContext, theirContext);
            if (!Equals(joined, difference.Left)) fromOurs++;
            if (!Equals(joined, difference.Right)) fromTheirs++;
        }
        if (fromOurs == 0) return new JoinResult(ours, context, 0);

        // A second walk instead of a list of what the first one found: the number of differences has no bound.
        var changes = Changes(ours, ourContext, theirs, theirContext, changed);
        if (fromTheirs > 0) return new JoinResult(ours.With(changes), context, fromOurs);
        if (changed is not null)
        {
            foreach (var _ in changes)
            {
            }
        }
        return new JoinResult(theirs, context, fromOurs);
    }

    private static IEnumerable<DmtEdit> Changes(
        Dmt ours, VersionContext ourContext, Dmt theirs, VersionContext theirContext, Action<DmtDifference>? changed)
    {
        foreach (var difference in Dmt.Diff(ours, theirs))
        {
            var joined = Entries(difference, ourContext, theirContext);
            if (Equals(joined, difference.Left)) continue;
            changed?.Invoke(difference with { Right = joined });
            yield return new DmtEdit(difference.Path, joined);
        }
    }

    private static Entry? Entries(DmtDifference difference, VersionContext ourContext, VersionContext theirContext)
    {
        var path = difference.Path;
        var ours = Siblings(difference.Left);
        var theirs = Siblings(difference.Right);
        var kept = ImmutableArray.CreateBuilder<Sibling>(ours.Length + theirs.Length);
        // Both are ascending by dot, so one pass over both meets equal dots together.
        int i = 0;
        int j = 0;
        while (i < ours.Length || j < theirs.Length)
        {
            int order = i == ours.Length ? 1 : j == theirs.Length ? -1 : ours[i].Dot.CompareTo(theirs[j].Dot);
            if (order >= 0 && !theirContext.Covers(theirs[j].Dot)) throw Refuse(DamageReason.Malformed, path, "it holds a version that it has not seen");
            if (order == 0)
            {
                if (ours[i].Value != theirs[j].Value) throw Refuse(DamageReason.Fork, path, "there are two different values of one version");
                kept.Add(ours[i]);
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
        var entry = Entry.From(kept);
        return entry is null || Dmt.Admits(entry) ? entry : throw Refuse(DamageReason.TooLarge, path, "there are too many versions");
    }

    private static ReadOnlySpan<Sibling> Siblings(Entry? entry) => entry is null ? [] : entry.Siblings.AsSpan();

    private static DamagedBytesException Refuse(DamageReason reason, RelativePath path, string why) =>
        new(reason, $"A snapshot cannot be joined at {path}: {why}.");
}
