using System.Collections.Immutable;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Planning;

/// <summary>One version as it should stand on this disk: the value of the greatest dot, for all <paramref name="Dots"/> of equal values.</summary>
public sealed record DesiredVersion(EntryValue Value, ImmutableArray<Dot> Dots)
{
    /// <summary>The event by which the version is attributed to a participant.</summary>
    public Dot GreatestDot => Dots[^1];

    internal static DesiredVersion Of(IReadOnlyList<Sibling> group) => new(group[^1].Value, [.. group.Select(s => s.Dot)]);
}

/// <summary>What should stand under a path's own name.</summary>
public enum MainKind
{
    Nothing,

    /// <summary>A directory without a version of its own, because something lives below it.</summary>
    ImpliedDirectory,
    Version,
}

/// <summary>
/// What should be on this computer's disk for one path: what stands under its own name, and which siblings stand beside it.
/// A pure function of the tree and of what this computer has there.
/// </summary>
/// <param name="Kind">What stands under the path's own name.</param>
/// <param name="Main">The version; null unless <paramref name="Kind"/> is <see cref="MainKind.Version"/>.</param>
/// <param name="Beside">The other siblings, one for each unequal version; the greatest dot first.</param>
public sealed record DesiredState(MainKind Kind, DesiredVersion? Main, ImmutableArray<DesiredVersion> Beside)
{
    /// <summary>
    /// Design, section 4: this computer keeps what it had; one that had none of the siblings takes the greatest dot. A directory keeps the name wherever one of the
    /// siblings is a directory or something lives below the path, so that both a file and a directory survive.
    /// </summary>
    /// <param name="entry">All current versions; null when the path has none.</param>
    /// <param name="hasDescendants">Does the tree hold anything below the path?</param>
    /// <param name="record">What this computer has on its disk there.</param>
    /// <param name="yielding">Whose versions get the name only where nobody else has one: a read-only participant's own.</param>
    public static DesiredState Of(Entry? entry, bool hasDescendants, MaterializedRecord? record, ActorId? yielding = null)
    {
        if (entry is null) return new(hasDescendants ? MainKind.ImpliedDirectory : MainKind.Nothing, null, []);
        var groups = entry.Groups();
        int main = ChooseMain(groups, hasDescendants, record, yielding);
        var beside = ImmutableArray.CreateBuilder<DesiredVersion>();
        for (int i = 0; i < groups.Count; i++)
            if (i != main) beside.Add(DesiredVersion.Of(groups[i]));
        return main < 0
            ? new(MainKind.ImpliedDirectory, null, beside.ToImmutable())
            : new(MainKind.Version, DesiredVersion.Of(groups[main]), beside.ToImmutable());
    }

    private static int ChooseMain(IReadOnlyList<IReadOnlyList<Sibling>> groups, bool hasDescendants, MaterializedRecord? record, ActorId? yielding)
    {
        bool yieldsNothing = groups.All(Yields);
        int kept = -1;
        for (int i = 0; i < groups.Count; i++)
        {
            var value = groups[i][0].Value;
            if (value.Kind == EntryKind.Directory) return i;
            if (Yields(groups[i]) && !yieldsNothing) continue;
            if (kept < 0 || (record is { Implied: false } && value.IsSameVersionAs(record.Value))) kept = i;
        }
        return hasDescendants ? -1 : kept;

        bool Yields(IReadOnlyList<Sibling> group) => yielding is { } own && group.All(sibling => sibling.Dot.Actor == own);
    }
}
