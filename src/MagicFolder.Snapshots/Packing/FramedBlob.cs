using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Packing;

/// <summary>A verified blob and the table that came with it.</summary>
/// <param name="Named">The bytes that the id names.</param>
/// <param name="Table">The table of locations; null when the blob was found only in a form without one.</param>
/// <param name="Location">Where it was read.</param>
internal sealed record FramedBlob(byte[] Named, byte[]? Table, BlobLocation Location);
