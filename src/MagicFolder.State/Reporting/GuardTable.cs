namespace MagicFolder.State;

/// <summary>Deletions that wait for an answer: one row for each origin, or none.</summary>
public sealed class GuardTable
{
    private readonly Statement _find;
    private readonly Statement _any;
    private readonly Statement _write;
    private readonly Statement _clear;

    internal GuardTable(Session session)
    {
        _find = new Statement(session, "SELECT origin, count, of, going, since_ms FROM guards WHERE origin = ?");
        _any = new Statement(session, "SELECT origin, count, of, going, since_ms FROM guards ORDER BY origin LIMIT 1");
        _write = new Statement(session, "INSERT OR REPLACE INTO guards (origin, count, of, going, since_ms) VALUES (?, ?, ?, ?, ?)");
        _clear = new Statement(session, "DELETE FROM guards WHERE origin = ?");
    }

    /// <summary>Null when nothing of this origin is held.</summary>
    public HeldDeletions? Find(string origin)
    {
        using var row = _find.Begin();
        row.Bind(origin);
        return Read(row);
    }

    /// <summary>Null when nothing is held; of several, what vanished here.</summary>
    public HeldDeletions? Read()
    {
        using var row = _any.Begin();
        return Read(row);
    }

    public void Write(HeldDeletions held)
    {
        using var write = _write.Begin();
        write.Bind(held.Origin).Bind(held.Count).Bind(held.Of).Bind(held.Going).Bind(held.SinceMs).Run();
    }

    public void Clear(string origin)
    {
        using var clear = _clear.Begin();
        clear.Bind(origin).Run();
    }

    private static HeldDeletions? Read(Execution row) =>
        row.Next() ? new HeldDeletions(row.Text(0), row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4)) : null;
}
