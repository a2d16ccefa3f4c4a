using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots;

/// <summary>
/// What the grid already holds, as far as this participant knows. Implemented by the caller over its state database. Every call comes from the
/// flow that called into this room, never from a background task; adding a fact twice changes nothing.
/// </summary>
public interface IBlobCatalog
{
    /// <summary>All places of a blob that anybody told of, the best first; empty if none is known. Good for reading, since that verifies.</summary>
    IReadOnlyList<BlobLocation> Find(BlobId id);

    /// <summary>
    /// Is the blob on the grid as far as this participant knows by itself (<see cref="Confirm"/>)? Only then need it not be stored: what others claim may be false, and
    /// this participant may be the only one that has it.
    /// </summary>
    bool Contains(BlobId id);

    /// <summary>Is exactly this place confirmed?</summary>
    bool IsConfirmed(BlobId id, BlobLocation location);

    /// <summary>
    /// Places in packs that the storage did not have when it was last asked. They do not count as stored, but reading may try them last, and what cannot be stored
    /// again may still be referred to by them.
    /// </summary>
    IReadOnlyList<BlobLocation> FindLost(BlobId id);

    /// <summary>Notes what somebody claims: a place to try.</summary>
    void Add(BlobId id, BlobLocation location);

    /// <summary>
    /// Notes that this participant wrote the blob there, or read and verified it there; of a blob with a table, that the same is true of all places in the table.
    /// </summary>
    void Confirm(BlobId id, BlobLocation location);

    /// <summary>The chunk lists that a content of more than one chunk is said to have, a confirmed one first; empty if none is known.</summary>
    IReadOnlyList<BlobId> FindChunkLists(BlobId content);

    /// <summary>Notes what somebody claims.</summary>
    void AddChunkList(BlobId content, BlobId list);

    /// <summary>Is the list known to be that of the content?</summary>
    bool IsConfirmedChunkList(BlobId content, BlobId list);

    /// <summary>Notes that this list is that of the content: this participant made it, or read all of it.</summary>
    void ConfirmChunkList(BlobId content, BlobId list);

    /// <summary>Forgets a claim that was found false.</summary>
    void ForgetChunkList(BlobId content, BlobId list);

    /// <summary>A pack of our own was stored, and this client holds a lease on it.</summary>
    void PackStored(PackRef pack);
}
