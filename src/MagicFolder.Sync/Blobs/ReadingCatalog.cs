using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;
using MagicFolder.State;

namespace MagicFolder.Sync.Blobs;

/// <summary>What the state knows of the grid, and what is learnt while reading; that is kept in memory only, so that a report changes no state.</summary>
internal sealed class ReadingCatalog(ParticipantDatabase state) : IBlobCatalog
{
    private readonly Dictionary<BlobId, List<BlobLocation>> _learnt = [];
    private readonly Dictionary<BlobId, List<BlobId>> _lists = [];
    private readonly HashSet<(BlobId Content, BlobId List)> _falseLists = [];

    /// <summary>What was learnt just now comes first: heads that were read now lead to what is there, while a place known of old may have a table that leads to what has gone.</summary>
    public IReadOnlyList<BlobLocation> Find(BlobId id)
    {
        var known = state.Blobs.Find(id);
        return _learnt.TryGetValue(id, out var learnt) ? [.. learnt, .. known.Except(learnt)] : known;
    }

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => state.Blobs.FindLost(id);

    public bool Contains(BlobId id) => state.Blobs.Contains(id);

    public bool IsConfirmed(BlobId id, BlobLocation location) => state.Blobs.IsChecked(id, location);

    public void Add(BlobId id, BlobLocation location)
    {
        if (!_learnt.TryGetValue(id, out var places)) _learnt.Add(id, places = []);
        if (!places.Contains(location)) places.Add(location);
    }

    public void Confirm(BlobId id, BlobLocation location) => Add(id, location);

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) =>
        [.. state.Blobs.FindChunkLists(content).Concat(_lists.GetValueOrDefault(content, [])).Where(list => !_falseLists.Contains((content, list))).Distinct()];

    public void AddChunkList(BlobId content, BlobId list)
    {
        if (!_lists.TryGetValue(content, out var lists)) _lists.Add(content, lists = []);
        if (!lists.Contains(list)) lists.Add(list);
    }

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => state.Blobs.IsCheckedChunkList(content, list);

    public void ConfirmChunkList(BlobId content, BlobId list) => AddChunkList(content, list);

    public void ForgetChunkList(BlobId content, BlobId list) => _falseLists.Add((content, list));

    public void PackStored(PackRef pack) => throw new InvalidOperationException("A catalog for reading stores nothing.");
}
