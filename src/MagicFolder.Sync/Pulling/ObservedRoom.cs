using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Pulling;

/// <summary>
/// What is joined is observed for ever, and a snapshot can observe only so many actors: whoever makes up actors must not use up the room of all. Pure.
/// </summary>
internal static class ObservedRoom
{
    /// <summary>Of one participant, as far as it tells of them itself. Each lost state is an actor, so honest ones have a few.</summary>
    internal const int MostOfOne = 256;

    /// <summary>Of all. What is left are the actors as which a participant goes on itself.</summary>
    internal const int Most = Snapshot.MaxObserved - 96;

    /// <summary>What brings no new actor is always taken.</summary>
    /// <param name="petname">Whose snapshot it is.</param>
    /// <param name="known">What was observed until now.</param>
    /// <param name="snapshot">To be joined.</param>
    /// <param name="itself">What its maker states of it.</param>
    /// <exception cref="DamagedBytesException"><see cref="DamageReason.TooLarge"/>: after the join there would be too many.</exception>
    internal static void Require(string petname, Observed known, Snapshot snapshot, Observation itself)
    {
        var added = snapshot.Observed.With(itself).All.Where(seen => known.Find(seen.Actor) is null).ToList();
        int own = added.Count(IsOwn);
        if (own > 0 && own + known.All.Count(IsOwn) > MostOfOne)
            throw new DamagedBytesException(DamageReason.TooLarge, $"{petname} has gone on as another actor more than {MostOfOne} times.");
        if (added.Count > 0 && added.Count + known.Count > Most)
            throw new DamagedBytesException(DamageReason.TooLarge, $"With what {petname} has seen there would be more than {Most} actors in the folder.");

        bool IsOwn(Observation seen) => seen.Fingerprint.AsSpan().SequenceEqual(itself.Fingerprint.AsSpan());
    }
}
