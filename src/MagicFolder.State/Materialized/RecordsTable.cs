using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.State;

/// <summary>
/// What this computer knows to be on its disk, by path. Enumerations ascend by path and stream in constant memory while the table is being written
/// to: a record is as it was when its page of 512 was read.
/// </summary>
public sealed class RecordsTable
{
    private const string Columns =
        "path, dots, kind, size, mtime_ns, mode, content, link, disk_size, disk_mtime, disk_ctime, disk_inode, disk_device, disk_executable, implied, racy";

    private readonly TransactionMemory<RelativePath, MaterializedRecord?> _found;
    private readonly TransactionMemory<BlobId, IReadOnlyList<MaterializedRecord>> _foundWithContent;
    private readonly Statement _find;
    private readonly Statement _put;
    private readonly Statement _remove;
    private readonly Statement _move;
    private readonly Statement _withContent;
    private readonly Statement _lastModified;
    private readonly Statement _lastChanged;
    private readonly Statement _count;
    private readonly Statement _totals;
    private readonly PathWalk<MaterializedRecord> _walk;
    private readonly PathWalk<MaterializedRecord> _directories;
    private readonly PathWalk<MaterializedRecord> _racy;

    internal RecordsTable(Session session)
    {
        _found = new TransactionMemory<RelativePath, MaterializedRecord?>(session);
        _foundWithContent = new TransactionMemory<BlobId, IReadOnlyList<MaterializedRecord>>(session);
        _find = new Statement(session, $"SELECT {Columns} FROM records WHERE path = ?");
        _put = new Statement(session, $"INSERT OR REPLACE INTO records ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _remove = new Statement(session, "DELETE FROM records WHERE path = ?");
        // What is concatenated counts as text.
        _move = new Statement(session, "UPDATE records SET path = CAST(? || substr(path, ?) AS BLOB), dots = ? WHERE path >= ? AND path <= ? AND kind <> 1");
        _withContent = new Statement(session, $"SELECT {Columns} FROM records WHERE content = ? ORDER BY path LIMIT ?");
        _lastModified = new Statement(session, $"SELECT {Columns} FROM records WHERE kind = 0 ORDER BY mtime_ns DESC, path LIMIT ?");
        _lastChanged = new Statement(session, $"SELECT {Columns} FROM records WHERE kind = 0 ORDER BY disk_ctime DESC, path LIMIT ?");
        _count = new Statement(session, "SELECT count(*) FROM records");
        _totals = new Statement(session, "SELECT count(*) FILTER (WHERE kind = 0), total(size) FILTER (WHERE kind = 0), count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 2) FROM records");
        _walk = new PathWalk<MaterializedRecord>(
            new Statement(session, $"SELECT {Columns} FROM records WHERE path > ? AND path < ? ORDER BY path LIMIT ?"), Read, r => r.Path);
        _directories = new PathWalk<MaterializedRecord>(
            new Statement(session, $"SELECT {Columns} FROM records WHERE kind = 1 AND path > ? AND path < ? ORDER BY path LIMIT ?"), Read, r => r.Path);
        _racy = new PathWalk<MaterializedRecord>(
            new Statement(session, $"SELECT {Columns} FROM records WHERE racy = 1 AND path > ? AND path < ? ORDER BY path LIMIT ?"), Read, r => r.Path);
    }

    public MaterializedRecord? Find(RelativePath path)
    {
        if (_found.TryGet(path, out var known)) return known;
        using var row = _find.Begin();
        return _found.Keep(path, row.Bind(path).Next() ? Read(row) : null);
    }

    public IEnumerable<MaterializedRecord> All() => _walk.All();

    /// <summary>Strictly below <paramref name="directory"/>.</summary>
    public IEnumerable<MaterializedRecord> Under(RelativePath directory) => _walk.Under(directory);

    public bool AnyUnder(RelativePath directory) => _walk.AnyUnder(directory);

    /// <summary>Those of directories. Reads the whole table.</summary>
    public IEnumerable<MaterializedRecord> Directories() => _directories.All();

    /// <summary>Those to be read again whatever the disk says.</summary>
    public IEnumerable<MaterializedRecord> Racy() => _racy.All();

    /// <summary>Files with this content, ascending by path, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<MaterializedRecord> WithContent(BlobId content, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (_foundWithContent.TryGet(content, out var known)) return known!;
        var records = new List<MaterializedRecord>();
        using var row = _withContent.Begin();
        row.Bind(content).Bind(limit);
        while (row.Next()) records.Add(Read(row));
        // Only that there is none is sure to be the whole answer, whatever the limit of the next question.
        return records.Count == 0 && limit > 0 ? _foundWithContent.Keep(content, records) : records;
    }

    /// <summary>Files, the newest first, at most <paramref name="limit"/>. Reads and sorts the whole table.</summary>
    public IReadOnlyList<MaterializedRecord> NewestFiles(FileTime time, long limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var records = new List<MaterializedRecord>();
        using var row = (time == FileTime.Modified ? _lastModified : _lastChanged).Begin();
        row.Bind(limit);
        while (row.Next()) records.Add(Read(row));
        return records;
    }

    public void Put(MaterializedRecord record)
    {
        _found.Forget(record.Path);
        if (record.Value.Kind == EntryKind.File) _foundWithContent.Forget(record.Value.Content);
        using var put = _put.Begin();
        put.Bind(record.Path).Bind(record.Dots).Bind(record.Value).Bind(record.Signature).Bind(record.Implied).Bind(record.Racy).Run();
    }

    /// <summary>Nothing happens if there is none.</summary>
    public void Remove(RelativePath path)
    {
        _found.Forget(path);
        using var remove = _remove.Begin();
        remove.Bind(path).Run();
    }

    /// <summary>Files and links get another place, and all of them the same dots; nothing else of their records changes. Directories stay.</summary>
    /// <param name="from">A directory.</param>
    /// <param name="to">The directory in its place. Nothing is recorded there, but directories.</param>
    /// <param name="first">The first of them, strictly below <paramref name="from"/>.</param>
    /// <param name="last">The last of them.</param>
    /// <param name="dots">Of the versions that they are.</param>
    /// <returns>How many.</returns>
    public int Move(RelativePath from, RelativePath to, RelativePath first, RelativePath last, ImmutableArray<Dot> dots)
    {
        _found.Clear();
        _foundWithContent.Clear();
        using var move = _move.Begin();
        return move.Bind(to).Bind((long)from.Key.Length + 1).Bind(dots).Bind(first).Bind(last).Run();
    }

    public long Count()
    {
        using var row = _count.Begin();
        return row.Next() ? row.Int64(0) : 0;
    }

    /// <summary>Reads the whole table.</summary>
    public RecordTotals Totals()
    {
        using var row = _totals.Begin();
        return row.Next() ? new RecordTotals(row.Int64(0), row.Int64(2), row.Int64(3), row.Int64(1)) : default;
    }

    private static MaterializedRecord Read(Execution row) => new(
        row.Path(0), row.Dots(1), row.Value(2), row.Signature(2 + Execution.ValueColumns), row.Flag(14), row.Flag(15));
}
