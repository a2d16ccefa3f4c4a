using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Repacking;

/// <summary>
/// Where blobs lie, while a history leaves some packs: what is in these counts as not stored, and so does each table that was not found to lead around them. What is learnt besides goes on to
/// the catalog behind it.
/// </summary>
/// <param name="known">What this participant knows. Told of all that is stored or verified.</param>
/// <param name="leaving">The packs that nothing is to refer to any more.</param>
/// <param name="named">Where the histories of all participants say that a blob lies.</param>
public sealed class LeavingCatalog(IBlobCatalog known, IReadOnlySet<PackRef> leaving, Func<BlobId, IEnumerable<BlobLocation>> named) : IBlobCatalog
{
    private readonly Dictionary<BlobId, List<BlobLocation>> _good = [];
    private readonly Dictionary<BlobId, List<BlobId>> _lists = [];

    /// <summary>Is it to be left?</summary>
    internal bool IsLeaving(PackRef pack) => leaving.Contains(pack);

    /// <summary>Is it a place in a pack that the storage did not have?</summary>
    internal bool IsLost(BlobId id, BlobLocation location) => known.FindLost(id).Contains(location);

    /// <summary>Places that may be referred to; if there is none, claims that are to be read first.</summary>
    public IReadOnlyList<BlobLocation> Find(BlobId id) =>
        _good.TryGetValue(id, out var good) ? good : [.. known.Find(id).Concat(named(id)).Where(location => !IsLeaving(location.Pack)).Distinct()];

    /// <summary>Nothing is to refer to what is lost.</summary>
    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => [];

    public bool Contains(BlobId id) => _good.ContainsKey(id);

    public bool IsConfirmed(BlobId id, BlobLocation location) => _good.TryGetValue(id, out var good) && good.Contains(location);

    public void Add(BlobId id, BlobLocation location) => known.Add(id, location);

    public void Confirm(BlobId id, BlobLocation location)
    {
        if (IsLeaving(location.Pack)) return;
        known.Confirm(id, location);
        Keep(id, location);
    }

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) => _lists.GetValueOrDefault(content, []);

    public void AddChunkList(BlobId content, BlobId list)
    {
        if (!_lists.TryGetValue(content, out var lists)) _lists.Add(content, lists = []);
        if (!lists.Contains(list)) lists.Add(list);
    }

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => FindChunkLists(content).Contains(list);

    public void ConfirmChunkList(BlobId content, BlobId list) => known.ConfirmChunkList(content, list);

    public void ForgetChunkList(BlobId content, BlobId list) => known.ForgetChunkList(content, list);

    public void PackStored(PackRef pack) => known.PackStored(pack);

    /// <summary>It stays where it is, and nothing below it leads into a pack that is left.</summary>
    internal void Keep(BlobId id, BlobLocation location)
    {
        if (!_good.TryGetValue(id, out var good)) _good.Add(id, good = new List<BlobLocation>(1));
        if (!good.Contains(location)) good.Add(location);
    }
}
