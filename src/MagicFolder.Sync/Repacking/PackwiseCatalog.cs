using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;
using MagicFolder.State;

namespace MagicFolder.Sync.Repacking;

/// <summary>
/// What the state knows of the grid, while many packs are stored one after another: what was learnt is committed whenever another one is stored, so that a crash leaves no more than the last of them behind that
/// no state knows.
/// </summary>
/// <param name="state">No transaction is open in it.</param>
/// <param name="known">Over the same state.</param>
internal sealed class PackwiseCatalog(ParticipantDatabase state, IBlobCatalog known) : IBlobCatalog, IDisposable
{
    private StateTransaction _transaction = state.Begin();

    public IReadOnlyList<BlobLocation> Find(BlobId id) => known.Find(id);

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => known.FindLost(id);

    public bool Contains(BlobId id) => known.Contains(id);

    public bool IsConfirmed(BlobId id, BlobLocation location) => known.IsConfirmed(id, location);

    public void Add(BlobId id, BlobLocation location) => known.Add(id, location);

    public void Confirm(BlobId id, BlobLocation location) => known.Confirm(id, location);

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) => known.FindChunkLists(content);

    public void AddChunkList(BlobId content, BlobId list) => known.AddChunkList(content, list);

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => known.IsConfirmedChunkList(content, list);

    public void ConfirmChunkList(BlobId content, BlobId list) => known.ConfirmChunkList(content, list);

    public void ForgetChunkList(BlobId content, BlobId list) => known.ForgetChunkList(content, list);

    public void PackStored(PackRef pack)
    {
        Commit();
        _transaction = state.Begin();
        known.PackStored(pack);
    }

    /// <summary>Afterwards nothing more is stored.</summary>
    internal void Commit()
    {
        _transaction.Commit();
        _transaction.Dispose();
    }

    public void Dispose() => _transaction.Dispose();
}
