namespace MagicFolder.State;

/// <summary>One row or none: the snapshot that is being published, or was published last.</summary>
public sealed class SealedTable
{
    private readonly TransactionMemory<bool, SealedSnapshot?> _found;
    private readonly Statement _read;
    private readonly Statement _write;
    private readonly Statement _clear;

    internal SealedTable(Session session)
    {
        _found = new TransactionMemory<bool, SealedSnapshot?>(session);
        _read = new Statement(session, "SELECT seq, snapshot_id, snapshot, root, head FROM sealed");
        _write = new Statement(session, "INSERT OR REPLACE INTO sealed (id, seq, snapshot_id, snapshot, root, head) VALUES (1, ?, ?, ?, ?, ?)");
        _clear = new Statement(session, "DELETE FROM sealed");
    }

    /// <summary>Null when nothing was ever sealed.</summary>
    public SealedSnapshot? Read()
    {
        if (_found.TryGet(true, out var known)) return known;
        using var row = _read.Begin();
        return _found.Keep(true, row.Next()
            ? new SealedSnapshot(row.Int64(0), row.Id(1), row.Blob(2).ToArray(), row.Id(3), row.IsNull(4) ? null : row.Blob(4).ToArray())
            : null);
    }

    public void Write(SealedSnapshot snapshot)
    {
        _found.Clear();
        using var write = _write.Begin();
        write.Bind(snapshot.Seq).Bind(snapshot.Id).Bind(snapshot.SnapshotBytes).Bind(snapshot.Root);
        if (snapshot.HeadBytes is null) write.BindNull();
        else write.Bind(snapshot.HeadBytes);
        write.Run();
    }

    public void Clear()
    {
        _found.Clear();
        using var clear = _clear.Begin();
        clear.Run();
    }
}
