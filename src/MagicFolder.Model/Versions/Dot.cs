namespace MagicFolder.Model.Versions;

/// <summary>
/// The event that made a version: <paramref name="Seq"/> (from 1) is the number of the actor's snapshot that first published it.
/// Ordered by seq, then actor; the order has no causal meaning and only breaks ties the same way everywhere. <c>default</c> is no event.
/// </summary>
public readonly record struct Dot(ActorId Actor, long Seq) : IComparable<Dot>
{
    public int CompareTo(Dot other)
    {
        int order = Seq.CompareTo(other.Seq);
        return order != 0 ? order : Actor.CompareTo(other.Actor);
    }

    /// <summary>The version id shown to people: <c>actor-seq</c>, e.g. <c>3fa912bc-17</c>.</summary>
    public override string ToString() => $"{Actor}-{Seq}";
}
