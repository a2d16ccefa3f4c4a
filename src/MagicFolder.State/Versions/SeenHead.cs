using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;

namespace MagicFolder.State;

/// <summary>What was last read of one participant's Personal.</summary>
/// <param name="Personal">Fingerprint of the Personal in hexadecimal.</param>
/// <param name="Seqnum">Sequence number of the mutable object: an older one read later is a rollback.</param>
/// <param name="Actor">Who published.</param>
/// <param name="Seq">The actor's snapshot number.</param>
/// <param name="Snapshot">Its id.</param>
/// <param name="Root">Root of the DMT in it.</param>
/// <param name="TimeMs">When it was published by its maker's clock, milliseconds since the epoch.</param>
public sealed record SeenHead(string Personal, long Seqnum, ActorId Actor, long Seq, BlobId Snapshot, BlobId Root, long TimeMs)
{
    /// <summary>The newest snapshots of others that its maker had seen; empty also when an earlier program read it.</summary>
    public ImmutableArray<Dot> Observed { get; init; } = [];
}
