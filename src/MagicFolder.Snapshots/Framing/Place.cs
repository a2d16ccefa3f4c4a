using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Framing;

/// <summary>Where one reference of a framed blob leads.</summary>
/// <param name="Location">Of the blob itself or, with <paramref name="List"/>, of the chunk list; null if its place is not told.</param>
/// <param name="List">Id of the chunk list, when the reference is to a content of several chunks.</param>
internal readonly record struct Place(BlobLocation? Location, BlobId? List);
