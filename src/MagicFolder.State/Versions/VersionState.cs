using MagicFolder.Model.Blobs;

namespace MagicFolder.State;

/// <summary>Where this participant's versions stand.</summary>
/// <param name="Root">Root of the current DMT.</param>
/// <param name="PublishedSeq">The number of the newest snapshot of this actor that the grid confirmed, or that was passed over; 0 for none. The one under construction has the next.</param>
/// <param name="PublishedSnapshot">The id of the participant's newest snapshot that the grid confirmed: of this actor, or of the past that it joined; null for none.</param>
/// <param name="PublishedRoot">The root in it; null for none.</param>
/// <param name="HeadSeqnum">The sequence number of the Personal's newest confirmed state; 0 for none.</param>
/// <param name="HasUnsealedEdits">
/// Something was changed here that no snapshot has yet. The root does not tell: with a deletion the tree may well be back at the one published last, and what was deleted lives on
/// elsewhere until a context says that it was seen.
/// </param>
public sealed record VersionState(BlobId Root, long PublishedSeq, BlobId? PublishedSnapshot, BlobId? PublishedRoot, long HeadSeqnum, bool HasUnsealedEdits = false)
{
    /// <summary>After changes made here.</summary>
    public VersionState Edited(BlobId root) => this with { Root = root, HasUnsealedEdits = true };
}
