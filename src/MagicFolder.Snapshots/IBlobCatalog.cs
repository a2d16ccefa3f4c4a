using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots;

/// <summary>
/// What the grid already holds, as far as this participant knows. Implemented by the caller over its state database. Every call comes from the
/// flow that called into this room, never from a background task; adding a fact twice changes nothing.
/// </summary>
public interface IBlobCatalog
{
    /// <summary>All known places of a blob, the best first; empty if none is known.</summary>
    IReadOnlyList<BlobLocation> Find(BlobId id);

    bool Contains(BlobId id);

    void Add(BlobId id, BlobLocation location);

    /// <summary>The chunk list of a content that is more than one chunk; null if none is known.</summary>
    BlobId? FindChunkList(BlobId content);

    void AddChunkList(BlobId content, BlobId list);

    /// <summary>A pack of our own was stored, and this client holds a lease on it.</summary>
    void PackStored(PackRef pack);
}
