using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;

namespace MagicFolder.Benchmarks;

/// <summary>A catalog in memory that believes everything.</summary>
internal sealed class KnownPlaces : IBlobCatalog
{
    private readonly Dictionary<BlobId, BlobLocation> _places = [];
    private readonly Dictionary<BlobId, BlobId> _lists = [];

    public IReadOnlyList<BlobLocation> Find(BlobId id) => _places.TryGetValue(id, out var place) ? [place] : [];

    public bool Contains(BlobId id) => _places.ContainsKey(id);

    public bool IsConfirmed(BlobId id, BlobLocation location) => _places.TryGetValue(id, out var place) && place == location;

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => [];

    public void Add(BlobId id, BlobLocation location) => _places.TryAdd(id, location);

    public void Confirm(BlobId id, BlobLocation location) => _places[id] = location;

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) => _lists.TryGetValue(content, out var list) ? [list] : [];

    public void AddChunkList(BlobId content, BlobId list) => _lists.TryAdd(content, list);

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => _lists.TryGetValue(content, out var known) && known == list;

    public void ConfirmChunkList(BlobId content, BlobId list) => _lists[content] = list;

    public void ForgetChunkList(BlobId content, BlobId list) => _lists.Remove(content);

    public void PackStored(PackRef pack)
    {
    }
}
