namespace MagicFolder.State;

/// <summary>What was last read of each participant's Personal.</summary>
public sealed class HeadsTable
{
    private const string Columns = "personal, seqnum, actor, seq, snapshot, root, time_ms, observed";

    private readonly TransactionMemory<bool, IReadOnlyList<SeenHead>> _known;
    private readonly Statement _all;
    private readonly Statement _find;
    private readonly Statement _put;

    internal HeadsTable(Session session)
    {
        _known = new TransactionMemory<bool, IReadOnlyList<SeenHead>>(session);
        _all = new Statement(session, $"SELECT {Columns} FROM heads ORDER BY personal");
        _find = new Statement(session, $"SELECT {Columns} FROM heads WHERE personal = ?");
        _put = new Statement(session, $"INSERT OR REPLACE INTO heads ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    }

    public SeenHead? Find(string personal)
    {
        using var row = _find.Begin();
        return row.Bind(personal).Next() ? Read(row) : null;
    }

    /// <summary>Ascending by Personal.</summary>
    public IReadOnlyList<SeenHead> All()
    {
        // Asked for each new file while a history is met for the first time.
        if (_known.TryGet(true, out var known)) return known!;
        var heads = new List<SeenHead>();
        using var row = _all.Begin();
        while (row.Next()) heads.Add(Read(row));
        return _known.Keep(true, heads);
    }

    public void Put(SeenHead head)
    {
        _known.Clear();
        using var put = _put.Begin();
        put.Bind(head.Personal).Bind(head.Seqnum).Bind(head.Actor).Bind(head.Seq).Bind(head.Snapshot).Bind(head.Root).Bind(head.TimeMs).Bind(head.Observed).Run();
    }

    private static SeenHead Read(Execution row) =>
        new(row.Text(0), row.Int64(1), row.Actor(2), row.Int64(3), row.Id(4), row.Id(5), row.Int64(6)) { Observed = row.Dots(7) };
}
