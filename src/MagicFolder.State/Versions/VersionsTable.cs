namespace MagicFolder.State;

/// <summary>One row: where this participant's versions stand.</summary>
public sealed class VersionsTable
{
    private readonly TransactionMemory<bool, VersionState?> _found;
    private readonly Statement _read;
    private readonly Statement _write;

    internal VersionsTable(Session session)
    {
        _found = new TransactionMemory<bool, VersionState?>(session);
        _read = new Statement(session, "SELECT root, published_seq, published_snapshot, published_root, head_seqnum, unsealed_edits FROM versions");
        _write = new Statement(session, """
            INSERT OR REPLACE INTO versions (id, root, published_seq, published_snapshot, published_root, head_seqnum, unsealed_edits)
            VALUES (1, ?, ?, ?, ?, ?, ?)
            """);
    }

    /// <summary>Null in a new database.</summary>
    public VersionState? Read()
    {
        if (_found.TryGet(true, out var known)) return known;
        using var row = _read.Begin();
        return _found.Keep(true, row.Next() ? new VersionState(row.Id(0), row.Int64(1), row.OptionalId(2), row.OptionalId(3), row.Int64(4), row.Int64(5) != 0) : null);
    }

    public void Write(VersionState state)
    {
        _found.Clear();
        using var write = _write.Begin();
        write.Bind(state.Root).Bind(state.PublishedSeq).Bind(state.PublishedSnapshot).Bind(state.PublishedRoot).Bind(state.HeadSeqnum).Bind(state.HasUnsealedEdits).Run();
    }
}
