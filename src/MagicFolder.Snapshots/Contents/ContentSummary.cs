using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Contents;

/// <summary>What was written: the SHA-256 of all bytes, their number, and of how many chunks they are.</summary>
public readonly record struct ContentSummary(BlobId Content, long Size, int Chunks);
