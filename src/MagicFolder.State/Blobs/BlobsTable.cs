using MagicFolder.Model.Blobs;

namespace MagicFolder.State;

/// <summary>
/// Where blobs are said to lie on the grid. A place is a claim until this participant has written or read the blob there: then it is checked. Claims serve for
/// reading, never in place of storing (docs/decisions/0011).
/// </summary>
public sealed class BlobsTable
{
    private readonly PacksTable _packs;
    private readonly Statement _findOne;
    private readonly Statement _find;
    private readonly Statement _findLost;
    private readonly Statement _contains;
    private readonly Statement _containsAmongAll;
    private readonly Statement _isChecked;
    private readonly Statement _isCheckedAmongAll;
    private readonly Statement _add;
    private readonly Statement _check;
    private readonly Statement _forget;
    private readonly Statement _checkedWithTable;
    private readonly Statement _uncheck;
    private readonly Statement _addChunkList;
    private readonly Statement _checkChunkList;
    private readonly Statement _isCheckedChunkList;
    private readonly Statement _forgetChunkList;
    private readonly Statement _findChunkLists;
    private readonly Statement _allChunkLists;

    internal BlobsTable(Session session, PacksTable packs)
    {
        _packs = packs;
        const string Places = "SELECT pack, offset, stored, plain, encoding FROM blobs JOIN packs ON packs.id = pack WHERE blobs.id = ?";
        _findOne = new Statement(session, "SELECT pack, offset, stored, plain, encoding FROM blobs WHERE id = ? LIMIT 2");
        _find = new Statement(session, Places + " AND leased_until >= 0 ORDER BY checked DESC, pack DESC, offset");
        _findLost = new Statement(session, Places + " AND leased_until < 0 ORDER BY checked DESC, pack DESC, offset");
        _contains = new Statement(session, "SELECT 1 FROM blobs JOIN packs ON packs.id = pack WHERE blobs.id = ? AND checked = 1 AND leased_until >= 0 LIMIT 1");
        _containsAmongAll = new Statement(session, "SELECT 1 FROM blobs WHERE id = ? AND checked = 1 LIMIT 1");
        const string Exactly = " = ? AND pack = ? AND offset = ? AND stored = ? AND plain = ? AND encoding = ? AND checked = 1";
        _isChecked = new Statement(session, "SELECT 1 FROM blobs JOIN packs ON packs.id = pack WHERE blobs.id" + Exactly + " AND leased_until >= 0");
        _isCheckedAmongAll = new Statement(session, "SELECT 1 FROM blobs WHERE id" + Exactly);
        const string Insert = "INSERT INTO blobs (id, pack, offset, stored, plain, encoding, checked) VALUES (?, ?, ?, ?, ?, ?, ";
        _add = new Statement(session, Insert + "0) ON CONFLICT DO NOTHING");
        _check = new Statement(session, Insert + "1) ON CONFLICT DO UPDATE SET checked = 1 WHERE checked = 0");
        _forget = new Statement(session, "DELETE FROM blobs WHERE id = ? AND pack = ?");
        _checkedWithTable = new Statement(session, $"SELECT id, pack, offset, stored, plain, encoding FROM blobs WHERE checked = 1 AND encoding IN ({(int)BlobEncoding.Framed}, {(int)BlobEncoding.FramedDeflate})");
        _uncheck = new Statement(session, "UPDATE blobs SET checked = 0 WHERE id = ? AND pack = ? AND offset = ? AND stored = ? AND plain = ? AND encoding = ?");
        _addChunkList = new Statement(session, "INSERT INTO chunk_lists (content, list, checked) VALUES (?, ?, 0) ON CONFLICT DO NOTHING");
        _checkChunkList = new Statement(
            session, "INSERT INTO chunk_lists (content, list, checked) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET checked = 1 WHERE checked = 0");
        _isCheckedChunkList = new Statement(session, "SELECT 1 FROM chunk_lists WHERE content = ? AND list = ? AND checked = 1");
        _forgetChunkList = new Statement(session, "DELETE FROM chunk_lists WHERE content = ? AND list = ? AND checked = 0");
        _allChunkLists = new Statement(session, "SELECT DISTINCT list FROM chunk_lists");
        _findChunkLists = new Statement(session, "SELECT list FROM chunk_lists WHERE content = ? ORDER BY checked DESC, list");
    }

    /// <summary>All locations but those in lost packs: the checked ones first, and of these that in the pack learnt of last.</summary>
    public IReadOnlyList<BlobLocation> Find(BlobId id) => (_packs.AnyLost() ? null : OnlyPlace(id)) ?? Places(_find, id);

    /// <summary>The locations in packs that the storage did not have when it was last asked (<see cref="PacksTable.MarkLost"/>).</summary>
    public IReadOnlyList<BlobLocation> FindLost(BlobId id) => _packs.AnyLost() ? Places(_findLost, id) : [];

    /// <summary>Is a place checked, in a pack that is not lost?</summary>
    public bool Contains(BlobId id)
    {
        using var row = (_packs.AnyLost() ? _contains : _containsAmongAll).Begin();
        return row.Bind(id).Next();
    }

    /// <summary>Is exactly this place checked, in a pack that is not lost?</summary>
    public bool IsChecked(BlobId id, BlobLocation location)
    {
        if (_packs.TryIdOf(location.Pack) is not { } pack) return false;
        using var row = (_packs.AnyLost() ? _isChecked : _isCheckedAmongAll).Begin();
        return Bind(row, id, pack, location).Next();
    }

    /// <summary>Notes a claim. An unknown pack becomes known; what is known already stays as it is.</summary>
    public void Add(BlobId id, BlobLocation location)
    {
        long pack = _packs.IdOf(location.Pack);
        using var add = _add.Begin();
        Bind(add, id, pack, location).Run();
    }

    /// <summary>Notes that this participant has written the blob there, or has read it there. An unknown pack becomes known.</summary>
    public void Check(BlobId id, BlobLocation location)
    {
        long pack = _packs.IdOf(location.Pack);
        using var check = _check.Begin();
        Bind(check, id, pack, location).Run();
    }

    /// <summary>Forgets one location. Nothing happens if it is unknown.</summary>
    public void Forget(BlobId id, PackRef pack)
    {
        if (_packs.TryIdOf(pack) is not { } number) return;
        using var forget = _forget.Begin();
        forget.Bind(id).Bind(number).Run();
    }

    /// <summary>
    /// What lies with a table of locations becomes a claim again: when a pack has gone, such a table may lead to what was in it, at any depth. Whoever wants to rely on it reads it, and what it leads to.
    /// </summary>
    /// <param name="stays">Is this place sure all the same?</param>
    public void UncheckTables(Func<BlobId, BlobLocation, bool> stays)
    {
        ArgumentNullException.ThrowIfNull(stays);
        var known = new List<(BlobId Id, long Pack, BlobLocation Location)>();
        using (var row = _checkedWithTable.Begin())
        {
            while (row.Next()) known.Add((row.Id(0), row.Int64(1), new BlobLocation(_packs.Find(row.Int64(1)), row.Int64(2), (int)row.Int64(3), (int)row.Int64(4), (BlobEncoding)row.Int64(5))));
        }
        foreach (var (id, pack, location) in known)
        {
            if (stays(id, location)) continue;
            using var uncheck = _uncheck.Begin();
            Bind(uncheck, id, pack, location).Run();
        }
    }

    /// <summary>Notes the claim that this content is stored in chunks, which the blob <paramref name="list"/> lists.</summary>
    public void AddChunkList(BlobId content, BlobId list)
    {
        using var add = _addChunkList.Begin();
        add.Bind(content).Bind(list).Run();
    }

    /// <summary>Notes that this participant made the list, or found that it is that of the content.</summary>
    public void CheckChunkList(BlobId content, BlobId list)
    {
        using var check = _checkChunkList.Begin();
        check.Bind(content).Bind(list).Run();
    }

    /// <summary>Is the list known to be that of the content?</summary>
    public bool IsCheckedChunkList(BlobId content, BlobId list)
    {
        using var row = _isCheckedChunkList.Begin();
        return row.Bind(content).Bind(list).Next();
    }

    /// <summary>Forgets a claim that was found false. What is checked stays.</summary>
    public void ForgetChunkList(BlobId content, BlobId list)
    {
        using var forget = _forgetChunkList.Begin();
        forget.Bind(content).Bind(list).Run();
    }

    /// <summary>The blobs that are said to list the chunks of this content, a checked one first.</summary>
    public IReadOnlyList<BlobId> FindChunkLists(BlobId content)
    {
        var lists = new List<BlobId>(1);
        using var row = _findChunkLists.Begin();
        row.Bind(content);
        while (row.Next()) lists.Add(row.Id(0));
        return lists;
    }

    /// <summary>Every blob that is said to list the chunks of a content.</summary>
    public IReadOnlySet<BlobId> AllChunkLists()
    {
        var lists = new HashSet<BlobId>();
        using var row = _allChunkLists.Begin();
        while (row.Next()) lists.Add(row.Id(0));
        return lists;
    }

    private static Execution Bind(Execution statement, BlobId id, long pack, BlobLocation location) =>
        statement.Bind(id).Bind(pack).Bind(location.Offset).Bind(location.StoredLength).Bind(location.PlainLength).Bind((long)location.Encoding);

    /// <summary>Most blobs have one place or none. Null when it has several, which have an order.</summary>
    private IReadOnlyList<BlobLocation>? OnlyPlace(BlobId id)
    {
        using var row = _findOne.Begin();
        if (!row.Bind(id).Next()) return [];
        var only = Read(row);
        return row.Next() ? null : [only];
    }

    private List<BlobLocation> Places(Statement statement, BlobId id)
    {
        var locations = new List<BlobLocation>(1);
        using var row = statement.Begin();
        row.Bind(id);
        while (row.Next()) locations.Add(Read(row));
        return locations;
    }

    private BlobLocation Read(Execution row)
    {
        if (row.Int64(1) < 0 || row.Int64(2) is < 0 or > int.MaxValue || row.Int64(3) is < 0 or > int.MaxValue
            || row.Int64(4) is < 0 or > (long)BlobEncoding.FramedDeflate)
            throw Execution.Damaged("a blob location is out of its range");
        return new BlobLocation(_packs.Find(row.Int64(0)), row.Int64(1), (int)row.Int64(2), (int)row.Int64(3), (BlobEncoding)row.Int64(4));
    }
}
