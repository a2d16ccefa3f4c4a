using System.Collections.Immutable;

namespace MagicFolder.Model.Versions;

/// <summary>One current version of a path and the event that made it.</summary>
public readonly record struct Sibling(Dot Dot, EntryValue Value);

/// <summary>
/// All current versions of one path: a multi-value register. Never empty (no siblings means no entry); sorted by dot; dots are distinct.
/// </summary>
public sealed class Entry : IEquatable<Entry>
{
    private Entry(ImmutableArray<Sibling> siblings) => Siblings = siblings;

    public ImmutableArray<Sibling> Siblings { get; }

    /// <summary>Two or more unequal values.</summary>
    public bool IsConflict
    {
        get
        {
            for (int i = 1; i < Siblings.Length; i++)
                if (!Siblings[i].Value.IsSameVersionAs(Siblings[0].Value)) return true;
            return false;
        }
    }

    public static Entry Of(Dot dot, EntryValue value) => new([new Sibling(dot, value)]);

    /// <summary>Null when there are no siblings.</summary>
    /// <exception cref="ArgumentException">A dot occurs twice.</exception>
    public static Entry? From(IEnumerable<Sibling> siblings)
    {
        var sorted = siblings.ToImmutableArray();
        if (!IsAscending(sorted)) sorted = sorted.Sort(static (x, y) => x.Dot.CompareTo(y.Dot));
        for (int i = 1; i < sorted.Length; i++)
            if (sorted[i].Dot == sorted[i - 1].Dot) throw new ArgumentException("A dot occurs twice in one entry.", nameof(siblings));
        return sorted.IsEmpty ? null : new Entry(sorted);
    }

    /// <summary>The value under this dot, or null.</summary>
    public EntryValue? Find(Dot dot)
    {
        foreach (var sibling in Siblings)
            if (sibling.Dot == dot) return sibling.Value;
        return null;
    }

    /// <summary>The dots of all siblings that are the same version as <paramref name="value"/>, ascending.</summary>
    public ImmutableArray<Dot> DotsOf(EntryValue value) =>
        [.. Siblings.Where(s => s.Value.IsSameVersionAs(value)).Select(s => s.Dot)];

    /// <summary>The siblings grouped into equal versions, the group with the greatest dot first; within a group ascending by dot.</summary>
    public IReadOnlyList<IReadOnlyList<Sibling>> Groups()
    {
        var groups = new List<List<Sibling>>();
        foreach (var sibling in Siblings)
        {
            var group = groups.Find(g => g[0].Value.IsSameVersionAs(sibling.Value));
            if (group is null) groups.Add([sibling]);
            else group.Add(sibling);
        }
        groups.Sort((x, y) => y[^1].Dot.CompareTo(x[^1].Dot));
        return groups;
    }

    private static bool IsAscending(ImmutableArray<Sibling> siblings)
    {
        for (int i = 1; i < siblings.Length; i++)
            if (siblings[i].Dot.CompareTo(siblings[i - 1].Dot) <= 0) return false;
        return true;
    }

    public bool Equals(Entry? other) => ReferenceEquals(this, other) || other is not null && Siblings.AsSpan().SequenceEqual(other.Siblings.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Entry);

    public override int GetHashCode() => Siblings[0].Dot.GetHashCode();
}
