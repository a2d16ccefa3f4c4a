namespace MagicFolder.State;

/// <summary>One row or none: the newest Collective that was read.</summary>
public sealed class CollectiveTable
{
    private readonly Statement _read;
    private readonly Statement _write;

    internal CollectiveTable(Session session)
    {
        _read = new Statement(session, "SELECT seqnum, content FROM collective");
        _write = new Statement(session, "INSERT OR REPLACE INTO collective (id, seqnum, content) VALUES (1, ?, ?)");
    }

    /// <summary>Null when none was ever read.</summary>
    public SeenCollective? Read()
    {
        using var row = _read.Begin();
        return row.Next() ? new SeenCollective(row.Int64(0), row.Blob(1).ToArray()) : null;
    }

    public void Write(SeenCollective seen)
    {
        using var write = _write.Begin();
        write.Bind(seen.Seqnum).Bind(seen.Content).Run();
    }
}
