using MagicFolder.Model.Blobs;

namespace MagicFolder.State;

/// <summary>The packs that are known, each with a small number by which <see cref="BlobsTable"/> refers to it.</summary>
public sealed class PacksTable
{
    /// <summary>In place of a time: the storage did not have the pack when it was last asked.</summary>
    internal const long Lost = -1;

    private readonly Dictionary<PackRef, long> _ids = [];
    private readonly Dictionary<long, PackRef> _packs = [];
    private readonly TransactionMemory<bool, bool> _anyLost;
    private readonly Statement _idOf;
    private readonly Statement _insert;
    private readonly Statement _find;
    private readonly Statement _all;
    private readonly Statement _setLease;
    private readonly Statement _setOwn;
    private readonly Statement _leaseDue;
    private readonly Statement _isReliedOn;
    private readonly Statement _forget;
    private readonly Statement _lost;

    internal PacksTable(Session session)
    {
        _anyLost = new TransactionMemory<bool, bool>(session);
        _lost = new Statement(session, "SELECT 1 FROM packs WHERE leased_until < 0 LIMIT 1");
        _idOf = new Statement(session, "SELECT id FROM packs WHERE cap = ?");
        _insert = new Statement(session, "INSERT INTO packs (cap) VALUES (?)");
        _find = new Statement(session, "SELECT cap FROM packs WHERE id = ?");
        _all = new Statement(session, "SELECT id, cap, leased_until, own FROM packs ORDER BY id");
        _setLease = new Statement(session, "UPDATE packs SET leased_until = ? WHERE id = ?");
        _setOwn = new Statement(session, "UPDATE packs SET own = ? WHERE id = ?");
        _leaseDue = new Statement(session, "SELECT cap FROM packs WHERE leased_until < ? ORDER BY leased_until, id");
        _isReliedOn = new Statement(session, "SELECT 1 FROM packs WHERE id = ? AND leased_until >= 0 AND EXISTS (SELECT 1 FROM blobs WHERE pack = packs.id AND checked = 1)");
        _forget = new Statement(session, "DELETE FROM packs WHERE id = ?");
        session.AfterRollBack(() =>
        {
            _ids.Clear();
            _packs.Clear();
        });
    }

    /// <summary>Its number, given now if it has none yet.</summary>
    public long IdOf(PackRef pack)
    {
        if (TryIdOf(pack) is { } known) return known;
        using var insert = _insert.Begin();
        return Remember(insert.Bind(pack.Reveal()).Insert(), pack);
    }

    /// <exception cref="KeyNotFoundException">No pack has this number.</exception>
    public PackRef Find(long id)
    {
        if (_packs.TryGetValue(id, out var known)) return known;
        using var row = _find.Begin();
        if (!row.Bind(id).Next()) throw new KeyNotFoundException($"No pack has the number {id}.");
        var pack = new PackRef(row.Text(0));
        Remember(id, pack);
        return pack;
    }

    /// <summary>Ascending by number, as they are now.</summary>
    public IEnumerable<PackRow> All()
    {
        var packs = new List<PackRow>();
        using var row = _all.Begin();
        while (row.Next()) packs.Add(new PackRow(row.Int64(0), new PackRef(row.Text(1)), row.Int64(2), row.Flag(3)));
        return packs;
    }

    /// <summary>Notes until when our own confirmed lease lasts, milliseconds since the epoch. An unknown pack becomes known.</summary>
    public void SetLease(PackRef pack, long untilMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(untilMs);
        SetLease(IdOf(pack), untilMs);
    }

    /// <summary>Notes whether this participant made the pack. An unknown pack becomes known.</summary>
    public void SetOwn(PackRef pack, bool own)
    {
        long id = IdOf(pack);
        using var set = _setOwn.Begin();
        set.Bind(own).Bind(id).Run();
    }

    /// <summary>Packs whose lease ends before that time, that never had one or that were lost; the most urgent first.</summary>
    public IReadOnlyList<PackRef> LeaseDue(long beforeMs)
    {
        var due = new List<PackRef>();
        using var row = _leaseDue.Begin();
        row.Bind(beforeMs);
        while (row.Next()) due.Add(new PackRef(row.Text(0)));
        return due;
    }

    /// <summary>
    /// The storage does not have the pack: what is in it counts as not stored, but its places are kept for the day when it is there again. A lease ends that. Nothing
    /// happens if the pack is unknown.
    /// </summary>
    public void MarkLost(PackRef pack)
    {
        if (TryIdOf(pack) is { } id) SetLease(id, Lost);
    }

    /// <summary>Does something count as stored because it is in this pack? False when the pack is unknown, or lost.</summary>
    public bool IsReliedOn(PackRef pack)
    {
        if (TryIdOf(pack) is not { } id) return false;
        using var row = _isReliedOn.Begin();
        return row.Bind(id).Next();
    }

    /// <summary>The pack and all places in it become unknown. Nothing happens if it is.</summary>
    public void Forget(PackRef pack)
    {
        if (TryIdOf(pack) is not { } id) return;
        using (var forget = _forget.Begin()) forget.Bind(id).Run();
        _ids.Remove(pack);
        _packs.Remove(id);
    }

    private void SetLease(long id, long until)
    {
        _anyLost.Clear();
        using var set = _setLease.Begin();
        set.Bind(until).Bind(id).Run();
    }

    /// <summary>The packs that the storage did not have when it was last asked.</summary>
    public IReadOnlySet<PackRef> AllLost() => LeaseDue(beforeMs: 0).ToHashSet();

    /// <summary>Is there one?</summary>
    public bool AnyLost()
    {
        if (_anyLost.TryGet(true, out bool known)) return known;
        using var row = _lost.Begin();
        return _anyLost.Keep(true, row.Next());
    }

    internal long? TryIdOf(PackRef pack)
    {
        if (_ids.TryGetValue(pack, out long known)) return known;
        if (pack == default) throw new ArgumentException("An empty reference names no pack.", nameof(pack));
        using var row = _idOf.Begin();
        return row.Bind(pack.Reveal()).Next() ? Remember(row.Int64(0), pack) : null;
    }

    private long Remember(long id, PackRef pack)
    {
        _ids[pack] = id;
        _packs[id] = pack;
        return id;
    }
}
