using System.Collections.Immutable;

namespace MagicFolder.Model.Versions;

/// <summary>
/// The version rule for a change made on this computer (docs/promises.md): what the user had in front of them is superseded, nothing else.
/// </summary>
public static class LocalChange
{
    /// <summary>
    /// Which dots of a record the user had in front of them. Where another value stands under somebody else's dot by now, what was recorded had been forged; nobody here has seen the true version, so it is not superseded.
    /// </summary>
    /// <param name="entry">The current versions of the path.</param>
    /// <param name="recorded">The dots of the record.</param>
    /// <param name="value">What it says is on the disk.</param>
    /// <param name="own">This computer's actor, whose versions nobody forges here.</param>
    public static ImmutableArray<Dot> InFront(Entry? entry, ImmutableArray<Dot> recorded, EntryValue value, ActorId own) =>
        recorded.RemoveAll(dot => dot.Actor != own && entry?.Find(dot) is { } now && !now.IsSameVersionAs(value));

    /// <summary>
    /// The entry after a change at one path: the dots of the materialized record are removed; the new value, if any, is added under
    /// <paramref name="dot"/>, in the place of what was under it and never published. A deletion (<paramref name="value"/> null) leaves no tombstone. Null means that no entry is left.
    /// </summary>
    public static Entry? Apply(Entry? entry, IReadOnlyCollection<Dot> materialized, Dot dot, EntryValue? value)
    {
        var kept = entry is null
            ? ImmutableArray<Sibling>.Empty
            : entry.Siblings.RemoveAll(s => materialized.Contains(s.Dot) || (value is not null && s.Dot == dot));
        return Entry.From(value is null ? kept : kept.Add(new Sibling(dot, value)));
    }

    /// <summary>May a change at a path get this dot? Not where a version that it does not replace has it already: then it gets the next one, once that is published.</summary>
    public static bool MayTake(Entry? entry, IReadOnlyCollection<Dot> had, Dot dot) => entry?.Find(dot) is null || had.Contains(dot);
}
