using MagicFolder.Model.Blobs;

namespace MagicFolder.State;

/// <summary>Where blobs are known to lie on the grid: a cache of facts, to be checked before it is relied on.</summary>
public sealed class BlobsTable
{
    private readonly PacksTable _packs;
    private readonly Statement _find;
    private readonly Statement _findLost;
    private readonly Statement _contains;
    private readonly Statement _add;
    private readonly Statement _forget;
    private readonly Statement _addChunkList;
    private readonly Statement _findChunkList;

    internal BlobsTable(Session session, PacksTable packs)
    {
        _packs = packs;
        const string Places = "SELECT pack, offset, stored, plain, encoding FROM blobs JOIN packs ON packs.id = pack WHERE blobs.id = ?";
        _find = new Statement(session, Places + " AND leased_until >= 0 ORDER BY pack DESC");
        _findLost = new Statement(session, Places + " AND leased_until < 0 ORDER BY pack DESC");
        _contains = new Statement(session, "SELECT 1 FROM blobs JOIN packs ON packs.id = pack WHERE blobs.id = ? AND leased_until >= 0 LIMIT 1");
        _add = new Statement(session, "INSERT OR REPLACE INTO blobs (id, pack, offset, stored, plain, encoding) VALUES (?, ?, ?, ?, ?, ?)");
        _forget = new Statement(session, "DELETE FROM blobs WHERE id = ? AND pack = ?");
        _addChunkList = new Statement(session, "INSERT OR REPLACE INTO chunk_lists (content, list) VALUES (?, ?)");
        _findChunkList = new Statement(session, "SELECT list FROM chunk_lists WHERE content = ?");
    }

    /// <summary>All known locations but those in lost packs, that in the pack learnt of last first.</summary>
    public IReadOnlyList<BlobLocation> Find(BlobId id) => Places(_find, id);

    /// <summary>The locations in packs that the storage did not have when it was last asked (<see cref="PacksTable.MarkLost"/>).</summary>
    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => Places(_findLost, id);

    /// <summary>Is it known in a pack that is not lost?</summary>
    public bool Contains(BlobId id)
    {
        using var row = _contains.Begin();
        return row.Bind(id).Next();
    }

    /// <summary>Replaces what was known of this blob in the same pack. An unknown pack becomes known.</summary>
    public void Add(BlobId id, BlobLocation location)
    {
        long pack = _packs.IdOf(location.Pack);
        using var add = _add.Begin();
        add.Bind(id).Bind(pack).Bind(location.Offset).Bind(location.StoredLength).Bind(location.PlainLength).Bind((long)location.Encoding).Run();
    }

    /// <summary>Forgets one location. Nothing happens if it is unknown.</summary>
    public void Forget(BlobId id, PackRef pack)
    {
        if (_packs.TryIdOf(pack) is not { } number) return;
        using var forget = _forget.Begin();
        forget.Bind(id).Bind(number).Run();
    }

    /// <summary>Notes that this content is stored in chunks, which the blob <paramref name="list"/> lists.</summary>
    public void AddChunkList(BlobId content, BlobId list)
    {
        using var add = _addChunkList.Begin();
        add.Bind(content).Bind(list).Run();
    }

    /// <summary>The blob that lists the chunks of this content; null if none is known.</summary>
    public BlobId? FindChunkList(BlobId content)
    {
        using var row = _findChunkList.Begin();
        return row.Bind(content).Next() ? row.Id(0) : null;
    }

    private List<BlobLocation> Places(Statement statement, BlobId id)
    {
        var locations = new List<BlobLocation>(1);
        using var row = statement.Begin();
        row.Bind(id);
        while (row.Next())
        {
            if (row.Int64(1) < 0 || row.Int64(2) is < 0 or > int.MaxValue || row.Int64(3) is < 0 or > int.MaxValue
                || row.Int64(4) is < 0 or > (long)BlobEncoding.FramedDeflate)
                throw Execution.Damaged("a blob location is out of its range");
            locations.Add(new BlobLocation(
                _packs.Find(row.Int64(0)), row.Int64(1), (int)row.Int64(2), (int)row.Int64(3), (BlobEncoding)row.Int64(4)));
        }
        return locations;
    }
}
