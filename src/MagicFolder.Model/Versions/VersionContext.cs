using System.Collections.Immutable;

namespace MagicFolder.Model.Versions;

/// <summary>
/// Which versions have been seen: actor -> highest seq (a version vector; Parker et al. 1983). Immutable; <see cref="Empty"/> has seen nothing.
/// </summary>
public sealed class VersionContext : IEquatable<VersionContext>
{
    public static readonly VersionContext Empty = new(ImmutableSortedDictionary<ActorId, long>.Empty);

    private readonly ImmutableSortedDictionary<ActorId, long> _seen;

    private VersionContext(ImmutableSortedDictionary<ActorId, long> seen) => _seen = seen;

    public IReadOnlyDictionary<ActorId, long> Seen => _seen;

    /// <summary>0 when nothing of this actor was seen.</summary>
    public long this[ActorId actor] => _seen.TryGetValue(actor, out long seq) ? seq : 0;

    public bool Covers(Dot dot) => dot.Seq <= this[dot.Actor];

    public VersionContext With(ActorId actor, long seq) =>
        seq <= this[actor] ? this : new VersionContext(_seen.SetItem(actor, seq));

    /// <summary>The element-wise maximum.</summary>
    public VersionContext Merge(VersionContext other)
    {
        var result = this;
        foreach (var (actor, seq) in other._seen) result = result.With(actor, seq);
        return result;
    }

    public bool Equals(VersionContext? other) => other is not null && _seen.SequenceEqual(other._seen);

    public override bool Equals(object? obj) => Equals(obj as VersionContext);

    public override int GetHashCode() => _seen.Count;

    public override string ToString() => string.Join(' ', _seen.Select(pair => $"{pair.Key}:{pair.Value}"));
}
