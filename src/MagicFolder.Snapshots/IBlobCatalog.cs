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

    /// <summary>Is a place known that counts?</summary>
    bool Contains(BlobId id);

    /// <summary>
    /// Places in packs that the storage did not have when it was last asked. They do not count as stored, but reading may try them last, and what cannot be stored
    /// again may still be referred to by them.
    /// </summary>
    IReadOnlyList<BlobLocation> FindLost(BlobId id);

    void Add(BlobId id, BlobLocation location);

    /// <summary>The chunk list of a content that is more than one chunk; null if none is known.</summary>
    BlobId? FindChunkList(BlobId content);

    void AddChunkList(BlobId content, BlobId list);

    /// <summary>A pack of our own was stored, and this client holds a lease on it.</summary>
    void PackStored(PackRef pack);
}
