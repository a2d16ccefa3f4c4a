using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Joining;

/// <summary>
/// Whose snapshot is joined. What stands under a dot that its actor has not shown itself yet came from others, and may be a forgery: then the actor's own value is the true one.
/// </summary>
/// <param name="Actor">Who made the snapshot.</param>
/// <param name="Joined">The number of its snapshot that was joined before; 0 for none.</param>
public readonly record struct SnapshotMaker(ActorId Actor, long Joined)
{
    /// <summary>Is this version seen of its maker itself for the first time? Never for <c>default</c>.</summary>
    internal bool ShowsFirst(Dot dot) => dot.Actor == Actor && dot.Seq > Joined && Actor != default;
}
