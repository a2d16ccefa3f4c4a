using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;
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

    public void Confirm(BlobId id, BlobLocation location)
    {
        bool hadGone = location.Encoding is BlobEncoding.Plain or BlobEncoding.Deflate && state.Blobs.FindLost(id).Count > 0 && !state.Blobs.Contains(id);
        state.Blobs.Check(id, location);
        if (hadGone) PublishOnceMore();
    }

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

    /// <summary>Part of a content had gone and is there again, elsewhere. Tables that were published lead others to where it was.</summary>
    private void PublishOnceMore()
    {
        if (state.Versions.Read() is { PublishedRoot: not null } versions) state.Versions.Write(versions with { PublishedRoot = null });
    }

    /// <summary>Does the content not count as stored, now that something has gone from the storage? True also of one of which others alone say where it lies.</summary>
    internal bool HasGone(EntryValue value) => value is { Kind: EntryKind.File, Size: > 0 } && state.Packs.AnyLost() && !this.ContainsContent(value.Content);

    /// <summary>Whoever made it: this client holds a lease on it from now on.</summary>
    internal void PackLeased(PackRef pack) => state.Packs.SetLease(pack, (time.GetUtcNow() + LeaseDuration).ToUnixTimeMilliseconds());
}
