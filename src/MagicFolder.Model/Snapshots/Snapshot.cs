using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Snapshots;

/// <summary>
/// What one actor published: the root of its DMT and the metadata that orders it among the others' snapshots.
/// <see cref="Observed"/> never holds <see cref="Actor"/> itself; that <see cref="Seq"/> and all before it were seen is implied.
/// </summary>
/// <param name="Folder">The folder it belongs to.</param>
/// <param name="Root">Id of the root node of the DMT.</param>
/// <param name="Actor">Who made it.</param>
/// <param name="Seq">Rising; gaps are legal.</param>
/// <param name="TimeMs">Milliseconds since the Unix epoch by the maker's clock; for people only, decides nothing about versions.</param>
/// <param name="Parent">The same participant's snapshot before this one (of this actor or, for its first, of the actor before it); null for the very first.</param>
/// <param name="Observed">The newest snapshot seen of every other actor.</param>
public sealed partial record Snapshot(
    FolderId Folder,
    BlobId Root,
    ActorId Actor,
    long Seq,
    long TimeMs,
    BlobId? Parent,
    Observed Observed)
{
    /// <summary>All that this snapshot covers: the observed versions and its own.</summary>
    public VersionContext Context => Observed.ToContext().With(Actor, Seq);
}
