using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Framing;

/// <summary>A chunk, or a list of the level below, and how many bytes of content it stands for.</summary>
internal readonly record struct ChunkListPart(BlobId Id, long Length);
