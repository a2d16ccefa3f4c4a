using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>The paths whose entry changed and whose disk is not yet adjusted.</summary>
public sealed class PendingTable
{
    private readonly Statement _add;
    private readonly Statement _remove;
    private readonly Statement _removeUnder;
    private readonly Statement _removeRecordedUnder;
    private readonly Statement _contains;
    private readonly Statement _page;
    private readonly Statement _count;
    private readonly Statement _any;
    private readonly Statement _recordedDirectories;
    private readonly PathWalk<RelativePath> _unrecorded;

    internal PendingTable(Session session)
    {
        _add = new Statement(session, "INSERT INTO pending (path) VALUES (?) ON CONFLICT DO NOTHING");
        _remove = new Statement(session, "DELETE FROM pending WHERE path = ?");
        _removeUnder = new Statement(session, "DELETE FROM pending WHERE path > ? AND path < ?");
        _removeRecordedUnder = new Statement(session, "DELETE FROM pending WHERE path > ? AND path < ? AND EXISTS (SELECT 1 FROM records WHERE records.path = pending.path)");
        _contains = new Statement(session, "SELECT 1 FROM pending WHERE path = ?");
        // NULL stands for "from the first on", the root included.
        _page = new Statement(session, "SELECT path FROM pending WHERE path > coalesce(?, -1) ORDER BY path LIMIT ?");
        _count = new Statement(session, "SELECT count(*) FROM pending");
        _any = new Statement(session, "SELECT 1 FROM pending LIMIT 1");
        _recordedDirectories = new Statement(session, "SELECT path FROM pending JOIN records USING (path) WHERE kind = 1 ORDER BY path");
        _unrecorded = new PathWalk<RelativePath>(
            new Statement(session, "SELECT path FROM pending WHERE path > ? AND path < ? AND NOT EXISTS (SELECT 1 FROM records WHERE records.path = pending.path) ORDER BY path LIMIT ?"),
            row => row.Path(0), path => path);
    }

    /// <summary>Adding twice is adding once.</summary>
    public void Add(RelativePath path)
    {
        using var add = _add.Begin();
        add.Bind(path).Run();
    }

    /// <summary>Nothing happens if it is not there.</summary>
    public void Remove(RelativePath path)
    {
        using var remove = _remove.Begin();
        remove.Bind(path).Run();
    }

    /// <summary>All strictly below a directory.</summary>
    public void RemoveUnder(RelativePath directory) => RunUnder(_removeUnder, directory);

    /// <summary>Those strictly below a directory at which something is recorded.</summary>
    public void RemoveRecordedUnder(RelativePath directory) => RunUnder(_removeRecordedUnder, directory);

    public bool Contains(RelativePath path)
    {
        using var row = _contains.Begin();
        return row.Bind(path).Next();
    }

    /// <summary>The next <paramref name="count"/> paths after <paramref name="after"/> (null: from the first on), ascending.</summary>
    public IReadOnlyList<RelativePath> Page(RelativePath? after, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var paths = new List<RelativePath>();
        using var row = _page.Begin();
        row.Bind(after).Bind(count);
        while (row.Next()) paths.Add(row.Path(0));
        return paths;
    }

    /// <summary>Those at which a directory is recorded, ascending.</summary>
    public IReadOnlyList<RelativePath> RecordedDirectories()
    {
        var paths = new List<RelativePath>();
        using var row = _recordedDirectories.Begin();
        while (row.Next()) paths.Add(row.Path(0));
        return paths;
    }

    /// <summary>Those at which nothing is recorded, ascending; streaming.</summary>
    public IEnumerable<RelativePath> Unrecorded() => _unrecorded.All();

    private static void RunUnder(Statement statement, RelativePath directory)
    {
        var (after, before) = PathRange.Under(directory);
        using var run = statement.Begin();
        run.Bind(after).Bind(before).Run();
    }

    public long Count()
    {
        using var row = _count.Begin();
        return row.Next() ? row.Int64(0) : 0;
    }

    public bool Any()
    {
        using var row = _any.Begin();
        return row.Next();
    }
}
