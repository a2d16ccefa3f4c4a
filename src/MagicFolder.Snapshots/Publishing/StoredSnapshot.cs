using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Publishing;

/// <summary>A snapshot that is durable on the grid with all it refers to.</summary>
public readonly record struct StoredSnapshot(BlobId Id, BlobLocation Location);
