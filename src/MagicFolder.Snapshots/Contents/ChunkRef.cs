using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Contents;

/// <summary>One chunk of a content: <paramref name="Length"/> bytes at <paramref name="Offset"/> of the content.</summary>
public readonly record struct ChunkRef(BlobId Id, long Offset, int Length);
