using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>
/// The conflict files that stand on this disk, by their own path. Enumerations ascend by it and stream like those of <see cref="RecordsTable"/>.
/// </summary>
public sealed class ConflictFilesTable
{
    private const string Columns =
        "file, main, dots, kind, size, mtime_ns, mode, content, link, disk_size, disk_mtime, disk_ctime, disk_inode, disk_device, disk_executable, was_gone";

    private readonly TransactionMemory<bool, bool> _any;
    private readonly Statement _first;
    private readonly Statement _find;
    private readonly Statement _forMain;
    private readonly Statement _put;
    private readonly Statement _remove;
    private readonly Statement _count;
    private readonly PathWalk<ConflictFile> _walk;

    internal ConflictFilesTable(Session session)
    {
        _any = new TransactionMemory<bool, bool>(session);
        _first = new Statement(session, "SELECT 1 FROM conflict_files LIMIT 1");
        _find = new Statement(session, $"SELECT {Columns} FROM conflict_files WHERE file = ?");
        _forMain = new Statement(session, $"SELECT {Columns} FROM conflict_files WHERE main = ? ORDER BY file");
        _put = new Statement(session, $"INSERT OR REPLACE INTO conflict_files ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _remove = new Statement(session, "DELETE FROM conflict_files WHERE file = ?");
        _count = new Statement(session, "SELECT count(*) FROM conflict_files");
        _walk = new PathWalk<ConflictFile>(
            new Statement(session, $"SELECT {Columns} FROM conflict_files WHERE file > ? AND file < ? ORDER BY file LIMIT ?"), Read, c => c.File);
    }

    public ConflictFile? Find(RelativePath file)
    {
        if (!Any()) return null;
        using var row = _find.Begin();
        return row.Bind(file).Next() ? Read(row) : null;
    }

    /// <summary>The conflict files of one path, ascending by their own.</summary>
    public IReadOnlyList<ConflictFile> ForMain(RelativePath main)
    {
        if (!Any()) return [];
        var files = new List<ConflictFile>();
        using var row = _forMain.Begin();
        row.Bind(main);
        while (row.Next()) files.Add(Read(row));
        return files;
    }

    public IEnumerable<ConflictFile> All() => _walk.All();

    /// <summary>Those that themselves stand strictly below <paramref name="directory"/>, wherever their main path is.</summary>
    public IEnumerable<ConflictFile> Under(RelativePath directory) => _walk.Under(directory);

    public void Put(ConflictFile file)
    {
        _any.Clear();
        using var put = _put.Begin();
        put.Bind(file.File).Bind(file.Main).Bind(file.Dots).Bind(file.Value).Bind(file.Signature).Bind(file.WasGone).Run();
    }

    /// <summary>Nothing happens if there is none.</summary>
    public void Remove(RelativePath file)
    {
        using var remove = _remove.Begin();
        remove.Bind(file).Run();
    }

    public long Count()
    {
        using var row = _count.Begin();
        return row.Next() ? row.Int64(0) : 0;
    }

    /// <summary>Nearly always there is none, and nearly every path is asked about.</summary>
    private bool Any()
    {
        if (_any.TryGet(true, out bool known)) return known;
        using var row = _first.Begin();
        return _any.Keep(true, row.Next());
    }

    private static ConflictFile Read(Execution row) =>
        new(row.Path(0), row.Path(1), row.Dots(2), row.Value(3), row.Signature(3 + Execution.ValueColumns), row.Flag(15));
}
