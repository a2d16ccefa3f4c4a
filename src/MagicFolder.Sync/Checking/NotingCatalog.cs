using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots;

namespace MagicFolder.Sync.Checking;

/// <summary>Notes in which packs the blobs are that somebody looks for.</summary>
internal sealed class NotingCatalog(IBlobCatalog known) : IBlobCatalog
{
    private readonly HashSet<PackRef> _asked = [];
    private PackRef[] _kept = [];

    /// <summary>All packs in which anything lies that was looked for.</summary>
    internal HashSet<PackRef> Packs { get; } = [];

    /// <summary>Those of them in which something lies that could not be read.</summary>
    internal HashSet<PackRef> Missed { get; } = [];

    /// <summary>Something is looked for now, which may be several blobs.</summary>
    internal void Begin() => _asked.Clear();

    /// <summary>What was looked for since <see cref="Begin"/> could not be read.</summary>
    internal void Miss() => Missed.UnionWith(_asked);

    /// <summary>What could not be read up to now is not looked for again.</summary>
    internal void KeepMissed() => _kept = [.. Missed];

    /// <summary>What could not be read since <see cref="KeepMissed"/> is looked for again, all of it.</summary>
    internal void ForgetMissed() => Missed.IntersectWith(_kept);

    internal void Note(PackRef pack)
    {
        Packs.Add(pack);
        _asked.Add(pack);
    }

    public IReadOnlyList<BlobLocation> Find(BlobId id) => Note(known.Find(id));

    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => Note(known.FindLost(id));

    public bool Contains(BlobId id) => known.Contains(id);

    public bool IsConfirmed(BlobId id, BlobLocation location) => known.IsConfirmed(id, location);

    /// <summary>What the state knows already takes no memory.</summary>
    public void Add(BlobId id, BlobLocation location)
    {
        if (!known.IsConfirmed(id, location)) known.Add(id, location);
    }

    public void Confirm(BlobId id, BlobLocation location) => Add(id, location);

    public IReadOnlyList<BlobId> FindChunkLists(BlobId content) => known.FindChunkLists(content);

    public void AddChunkList(BlobId content, BlobId list) => known.AddChunkList(content, list);

    public bool IsConfirmedChunkList(BlobId content, BlobId list) => known.IsConfirmedChunkList(content, list);

    public void ConfirmChunkList(BlobId content, BlobId list) => known.ConfirmChunkList(content, list);

    public void ForgetChunkList(BlobId content, BlobId list) => known.ForgetChunkList(content, list);

    public void PackStored(PackRef pack) => known.PackStored(pack);

    private IReadOnlyList<BlobLocation> Note(IReadOnlyList<BlobLocation> places)
    {
        foreach (var place in places) Note(place.Pack);
        return places;
    }
}
