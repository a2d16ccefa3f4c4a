using System.Collections.Immutable;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Model.Versions;

/// <summary>
/// What was seen of one actor: its newest snapshot and the statement that its Personal signed about it. <paramref name="Nonce"/> and
/// <paramref name="Fingerprint"/> prove that the actor belongs to that Personal (<see cref="ActorId.Derive"/>).
/// </summary>
public sealed record Observation(
    ActorId Actor,
    long Seq,
    BlobId Snapshot,
    ImmutableArray<byte> Nonce,
    ImmutableArray<byte> Fingerprint,
    ImmutableArray<byte> Signature)
{
    public bool Equals(Observation? other) =>
        other is not null && Actor == other.Actor && Seq == other.Seq && Snapshot == other.Snapshot
        && Nonce.AsSpan().SequenceEqual(other.Nonce.AsSpan())
        && Fingerprint.AsSpan().SequenceEqual(other.Fingerprint.AsSpan())
        && Signature.AsSpan().SequenceEqual(other.Signature.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Actor, Seq, Snapshot);
}

/// <summary>The observed versions of a snapshot: at most one observation an actor, ascending by actor. Immutable.</summary>
public sealed class Observed
{
    public static readonly Observed None = new(ImmutableSortedDictionary<ActorId, Observation>.Empty);

    private readonly ImmutableSortedDictionary<ActorId, Observation> _byActor;

    private Observed(ImmutableSortedDictionary<ActorId, Observation> byActor) => _byActor = byActor;

    public IEnumerable<Observation> All => _byActor.Values;

    public int Count => _byActor.Count;

    public Observation? Find(ActorId actor) => _byActor.GetValueOrDefault(actor);

    /// <summary>Replaces what was known of that actor if <paramref name="observation"/> is newer; an older or equal one changes nothing.</summary>
    public Observed With(Observation observation) =>
        Find(observation.Actor) is { } known && known.Seq >= observation.Seq
            ? this
            : new Observed(_byActor.SetItem(observation.Actor, observation));

    public Observed Without(ActorId actor) => new(_byActor.Remove(actor));

    public Observed Merge(Observed other)
    {
        var result = this;
        foreach (var observation in other.All) result = result.With(observation);
        return result;
    }

    public VersionContext ToContext()
    {
        var context = VersionContext.Empty;
        foreach (var observation in All) context = context.With(observation.Actor, observation.Seq);
        return context;
    }
}
