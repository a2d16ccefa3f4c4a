using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Knows nothing, and learns nothing.</summary>
internal sealed class NoCatalog : IBlobCatalog
{
    public IReadOnlyList<BlobLocation> Find(BlobId id) => [];

    public bool Contains(BlobId id) => false;

    public bool IsConfirmed(BlobId id, BlobLocation location) => false;

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => [];

    public void Add(BlobId id, BlobLocation location) => Forget();

    public void Confirm(BlobId id, BlobLocation location) => Forget();

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) => [];

    public void AddChunkList(BlobId content, BlobId list) => Forget();

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => false;

    public void ConfirmChunkList(BlobId content, BlobId list) => Forget();

    public void ForgetChunkList(BlobId content, BlobId list) => Forget();

    public void PackStored(PackRef pack) => Forget();

    private static void Forget()
    {
        // Nothing is learned.
    }
}
