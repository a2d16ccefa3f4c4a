using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;
using MagicFolder.State;

namespace MagicFolder.Sync.Blobs;

/// <summary>What the grid holds, as far as this participant's state database knows. Writes belong to the transaction that is open.</summary>
internal sealed class StateCatalog(ParticipantDatabase state, TimeProvider time) : IBlobCatalog
{
    /// <summary>How long a fresh lease lasts; servers give 31 days (docs/formats/storage-directory.md).</summary>
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromDays(31);

    public IReadOnlyList<BlobLocation> Find(BlobId id) => state.Blobs.Find(id);

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => state.Blobs.FindLost(id);

    public bool Contains(BlobId id) => state.Blobs.Contains(id);

    public bool IsConfirmed(BlobId id, BlobLocation location) => state.Blobs.IsChecked(id, location);

    public void Add(BlobId id, BlobLocation location) => state.Blobs.Add(id, location);

    public void Confirm(BlobId id, BlobLocation location) => state.Blobs.Check(id, location);

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) => state.Blobs.FindChunkLists(content);

    public void AddChunkList(BlobId content, BlobId list) => state.Blobs.AddChunkList(content, list);

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => state.Blobs.IsCheckedChunkList(content, list);

    public void ConfirmChunkList(BlobId content, BlobId list) => state.Blobs.CheckChunkList(content, list);

    public void ForgetChunkList(BlobId content, BlobId list) => state.Blobs.ForgetChunkList(content, list);

    public void PackStored(PackRef pack)
    {
        PackLeased(pack);
        state.Packs.SetOwn(pack, true);
    }

    /// <summary>Whoever made it: this client holds a lease on it from now on.</summary>
    internal void PackLeased(PackRef pack) => state.Packs.SetLease(pack, (time.GetUtcNow() + LeaseDuration).ToUnixTimeMilliseconds());
}
