using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Tests.Doubles;

internal sealed class MemoryCatalog : IBlobCatalog
{
    private readonly Dictionary<BlobId, List<BlobLocation>> _places = [];
    private readonly Dictionary<BlobId, BlobId> _lists = [];

    public List<PackRef> Packs { get; } = [];

    public int Count => _places.Count;

    /// <summary>What is in these packs is not stored any more.</summary>
    public HashSet<PackRef> Lost { get; } = [];

    public IReadOnlyList<BlobLocation> Find(BlobId id) => [.. Places(id).Where(place => !Lost.Contains(place.Pack))];

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => [.. Places(id).Where(place => Lost.Contains(place.Pack))];

    public bool Contains(BlobId id) => Find(id).Count > 0;

    public void Add(BlobId id, BlobLocation location)
    {
        location.Pack.Reveal().ShouldNotBeEmpty();
        if (!_places.TryGetValue(id, out var places)) _places.Add(id, places = []);
        places.RemoveAll(place => place.Pack == location.Pack);
        places.Add(location);
    }

    public BlobId? FindChunkList(BlobId content) => _lists.TryGetValue(content, out var list) ? list : null;

    public void AddChunkList(BlobId content, BlobId list) => _lists[content] = list;

    public void PackStored(PackRef pack) => Packs.Add(pack);

    private List<BlobLocation> Places(BlobId id) => _places.TryGetValue(id, out var places) ? places : [];
}
