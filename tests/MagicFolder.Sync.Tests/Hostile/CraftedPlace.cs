using MagicFolder.Model.Blobs;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>A place as a table says it; no <paramref name="Pack"/> means the pack that holds the table. Nothing of it need be true.</summary>
internal sealed record CraftedPlace(long Offset, long Stored, long Plain, int Encoding = 0, string? Pack = null, BlobId? List = null);
