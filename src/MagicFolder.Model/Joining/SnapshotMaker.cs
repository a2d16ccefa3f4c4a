using System.Collections.Immutable;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Joining;

/// <summary>
/// Whose snapshot is joined. What stands under a dot that its actor has not shown itself yet came from others, and may be a forgery: then the actor's own value is the true one. And of its own
/// versions of one path it may have only some, so that there is room for those of all others. <c>default</c> is nobody, of whom nothing is known.
/// </summary>
/// <param name="Actor">Who made the snapshot.</param>
/// <param name="Joined">The number of its snapshot that was joined before; 0 for none.</param>
/// <param name="Former">The actors that the same participant was before.</param>
public readonly record struct SnapshotMaker(ActorId Actor, long Joined, ImmutableHashSet<ActorId>? Former = null)
{
    /// <param name="actor">Who made the snapshot.</param>
    /// <param name="joined">The number of its snapshot that was joined before; 0 for none.</param>
    /// <param name="fingerprint">Of the participant's key.</param>
    /// <param name="observed">What it has seen, its former actors included.</param>
    public static SnapshotMaker Of(ActorId actor, long joined, ReadOnlyMemory<byte> fingerprint, Observed observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        return new(actor, joined, [.. observed.All.Where(seen => seen.Fingerprint.AsSpan().SequenceEqual(fingerprint.Span)).Select(seen => seen.Actor)]);
    }

    /// <summary>Has it made no more of these versions than others take from it? Whoever has more cannot be joined.</summary>
    public bool MayHave(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Siblings.Length == 1 || Dmt.AdmitsOfOne([.. entry.Siblings.Where(IsItsOwn)]);
    }

    /// <summary>Is this version seen of its maker itself for the first time?</summary>
    internal bool ShowsFirst(Dot dot) => dot.Actor == Actor && dot.Seq > Joined && Actor != default;

    private bool IsItsOwn(Sibling sibling) => Actor != default && (sibling.Dot.Actor == Actor || Former?.Contains(sibling.Dot.Actor) == true);
}
