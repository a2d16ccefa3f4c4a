using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Packing;

/// <summary>One entry in the index of a pack.</summary>
public readonly record struct PackedBlob(BlobId Id, BlobLocation Location);
