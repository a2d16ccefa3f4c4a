using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Knows nothing.</summary>
internal sealed class NoCatalog : IBlobCatalog
{
    public IReadOnlyList<BlobLocation> Find(BlobId id) => [];

    public bool Contains(BlobId id) => false;

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => [];

    public void Add(BlobId id, BlobLocation location)
    {
        // Nothing is learned.
    }

    public BlobId? FindChunkList(BlobId content) => null;

    public void AddChunkList(BlobId content, BlobId list)
    {
        // Nothing is learned.
    }

    public void PackStored(PackRef pack)
    {
        // Nothing is learned.
    }
}
