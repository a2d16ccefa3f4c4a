using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// Something was to be published that refers to a blob of which no place on the grid is known. Nothing was stored; the caller stores that blob again, or
/// fetches what tells its place, and repeats.
/// </summary>
public sealed class UnknownBlobException(BlobId id) : Exception($"No place on the grid is known for blob {id}, which was to be referred to.")
{
    public BlobId Id { get; } = id;
}
