using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;
using MagicFolder.State;

namespace MagicFolder.Sync.Blobs;

/// <summary>What the state knows of the grid, and what is learnt while reading; that is kept in memory only, so that a report changes no state.</summary>
internal sealed class ReadingCatalog(ParticipantDatabase state) : IBlobCatalog
{
    private readonly Dictionary<BlobId, List<BlobLocation>> _learnt = [];
    private readonly Dictionary<BlobId, BlobId> _lists = [];

    public IReadOnlyList<BlobLocation> Find(BlobId id)
    {
        var known = state.Blobs.Find(id);
        return _learnt.TryGetValue(id, out var learnt) ? [.. known, .. learnt] : known;
    }

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => state.Blobs.FindLost(id);

    public bool Contains(BlobId id) => _learnt.ContainsKey(id) || state.Blobs.Contains(id);

    public void Add(BlobId id, BlobLocation location)
    {
        if (!_learnt.TryGetValue(id, out var places)) _learnt.Add(id, places = []);
        if (!places.Contains(location)) places.Add(location);
    }

    public BlobId? FindChunkList(BlobId content) => _lists.TryGetValue(content, out var list) ? list : state.Blobs.FindChunkList(content);

    public void AddChunkList(BlobId content, BlobId list) => _lists[content] = list;

    public void PackStored(PackRef pack) => throw new InvalidOperationException("A catalog for reading stores nothing.");
}
