using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Heads;

/// <summary>A snapshot that a participant keeps in its history.</summary>
/// <param name="Id">Of the snapshot.</param>
/// <param name="Seq">Its number, from 1.</param>
/// <param name="TimeMs">Milliseconds since the Unix epoch by its maker's clock.</param>
/// <param name="Root">Of its tree.</param>
/// <param name="Location">Where the snapshot lies.</param>
public readonly record struct RetainedSnapshot(BlobId Id, long Seq, long TimeMs, BlobId Root, BlobLocation Location);
