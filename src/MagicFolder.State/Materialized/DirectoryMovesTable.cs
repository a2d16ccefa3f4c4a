namespace MagicFolder.State;

/// <summary>The journal of directories that are about to be moved as a whole, by the place that they leave.</summary>
public sealed class DirectoryMovesTable
{
    private const string Columns = "source, target, disk_inode, disk_device";

    private readonly Statement _add;
    private readonly Statement _all;
    private readonly Statement _remove;

    internal DirectoryMovesTable(Session session)
    {
        _add = new Statement(session, $"INSERT OR REPLACE INTO directory_moves ({Columns}) VALUES (?, ?, ?, ?)");
        _all = new Statement(session, $"SELECT {Columns} FROM directory_moves ORDER BY source");
        _remove = new Statement(session, "DELETE FROM directory_moves WHERE source = ?");
    }

    /// <summary>It is a promise to later selves only when the transaction is committed.</summary>
    public void Add(DirectoryMove move)
    {
        using var add = _add.Begin();
        add.Bind(move.From).Bind(move.To).Bind(unchecked((long)move.Inode)).Bind(unchecked((long)move.Device)).Run();
    }

    /// <summary>Ascending by the place that they leave.</summary>
    public IReadOnlyList<DirectoryMove> All()
    {
        var moves = new List<DirectoryMove>();
        using var row = _all.Begin();
        while (row.Next()) moves.Add(new DirectoryMove(row.Path(0), row.Path(1), unchecked((ulong)row.Int64(2)), unchecked((ulong)row.Int64(3))));
        return moves;
    }

    /// <summary>Nothing happens if it is not there.</summary>
    public void Remove(DirectoryMove move)
    {
        using var remove = _remove.Begin();
        remove.Bind(move.From).Run();
    }
}
