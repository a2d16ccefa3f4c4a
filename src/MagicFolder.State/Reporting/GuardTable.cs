namespace MagicFolder.State;

/// <summary>One row or none: deletions that wait for an answer.</summary>
public sealed class GuardTable
{
    private readonly Statement _read;
    private readonly Statement _write;
    private readonly Statement _clear;

    internal GuardTable(Session session)
    {
        _read = new Statement(session, "SELECT origin, count, of, since_ms FROM guard");
        _write = new Statement(session, "INSERT OR REPLACE INTO guard (id, origin, count, of, since_ms) VALUES (1, ?, ?, ?, ?)");
        _clear = new Statement(session, "DELETE FROM guard");
    }

    /// <summary>Null when nothing is held.</summary>
    public HeldDeletions? Read()
    {
        using var row = _read.Begin();
        return row.Next() ? new HeldDeletions(row.Text(0), row.Int64(1), row.Int64(2), row.Int64(3)) : null;
    }

    public void Write(HeldDeletions held)
    {
        using var write = _write.Begin();
        write.Bind(held.Origin).Bind(held.Count).Bind(held.Of).Bind(held.SinceMs).Run();
    }

    public void Clear()
    {
        using var clear = _clear.Begin();
        clear.Run();
    }
}
