using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Tests.Doubles;

internal sealed class MemoryCatalog : IBlobCatalog
{
    private readonly Dictionary<BlobId, List<BlobLocation>> _places = [];
    private readonly HashSet<(BlobId Id, BlobLocation Place)> _confirmed = [];
    private readonly Dictionary<BlobId, List<BlobId>> _lists = [];
    private readonly HashSet<(BlobId Content, BlobId List)> _confirmedLists = [];

    public List<PackRef> Packs { get; } = [];

    public int Count => _places.Count;

    /// <summary>What is in these packs is not stored any more.</summary>
    public HashSet<PackRef> Lost { get; } = [];

    public IReadOnlyList<BlobLocation> Find(BlobId id) =>
        [.. Places(id).Where(place => !Lost.Contains(place.Pack)).OrderByDescending(place => IsConfirmed(id, place))];

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => [.. Places(id).Where(place => Lost.Contains(place.Pack))];

    public bool Contains(BlobId id) => Find(id).Any(place => IsConfirmed(id, place));

    public bool IsConfirmed(BlobId id, BlobLocation location) => _confirmed.Contains((id, location));

    public void Add(BlobId id, BlobLocation location)
    {
        location.Pack.Reveal().ShouldNotBeEmpty();
        if (!_places.TryGetValue(id, out var places)) _places.Add(id, places = []);
        if (!places.Contains(location)) places.Add(location);
    }

    public void Confirm(BlobId id, BlobLocation location)
    {
        Add(id, location);
        _confirmed.Add((id, location));
    }

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) =>
        [.. _lists.GetValueOrDefault(content, []).OrderByDescending(list => IsConfirmedChunkList(content, list))];

    public void AddChunkList(BlobId content, BlobId list)
    {
        if (!_lists.TryGetValue(content, out var lists)) _lists.Add(content, lists = []);
        if (!lists.Contains(list)) lists.Add(list);
    }

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => _confirmedLists.Contains((content, list));

    public void ConfirmChunkList(BlobId content, BlobId list)
    {
        AddChunkList(content, list);
        _confirmedLists.Add((content, list));
    }

    public void ForgetChunkList(BlobId content, BlobId list)
    {
        if (!IsConfirmedChunkList(content, list)) _lists[content].Remove(list);
    }

    public void PackStored(PackRef pack) => Packs.Add(pack);

    private List<BlobLocation> Places(BlobId id) => _places.TryGetValue(id, out var places) ? places : [];
}
