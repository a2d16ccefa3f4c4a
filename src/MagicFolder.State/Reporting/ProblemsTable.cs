using MagicFolder.Model;

namespace MagicFolder.State;

/// <summary>
/// The troubles that last, at most one for each path and source. A source is who found it and who will find it gone: "scan", "apply", "grid", "members", "packs" or "watch".
/// </summary>
public sealed class ProblemsTable
{
    private readonly Session _session;
    private readonly Statement _all;
    private readonly Statement _put;
    private readonly Statement _remove;
    private readonly Statement _removeSource;
    private readonly Statement _has;
    private readonly Statement _clear;

    internal ProblemsTable(Session session)
    {
        _session = session;
        _all = new Statement(session, "SELECT path, reason, advice FROM problems ORDER BY path, source");
        _put = new Statement(session, "INSERT OR REPLACE INTO problems (source, path, reason, advice) VALUES (?, ?, ?, ?)");
        _remove = new Statement(session, "DELETE FROM problems WHERE source = ? AND path = ?");
        _removeSource = new Statement(session, "DELETE FROM problems WHERE source = ?");
        _has = new Statement(session, "SELECT 1 FROM problems WHERE source = ? LIMIT 1");
        _clear = new Statement(session, "DELETE FROM problems");
    }

    /// <summary>Ascending by path.</summary>
    public IReadOnlyList<Problem> All()
    {
        var problems = new List<Problem>();
        using var row = _all.Begin();
        while (row.Next()) problems.Add(new Problem(row.Text(0), row.Text(1), row.Text(2)));
        return problems;
    }

    /// <summary>Did this source say anything?</summary>
    public bool Has(string source)
    {
        using var row = _has.Begin();
        return row.Bind(source).Next();
    }

    /// <summary>Replaces what this source said about the same path.</summary>
    public void Put(string source, Problem problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        using var put = _put.Begin();
        put.Bind(source).Bind(problem.Path).Bind(problem.Reason).Bind(problem.Advice).Run();
    }

    /// <summary>Replaces all that this source said, as one change.</summary>
    public void Replace(string source, IEnumerable<Problem> problems)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        _session.Atomically(() =>
        {
            using (var remove = _removeSource.Begin()) remove.Bind(source).Run();
            foreach (var problem in problems) Put(source, problem);
        });
    }

    /// <summary>Nothing happens if there is none.</summary>
    public void Remove(string source, string path)
    {
        using var remove = _remove.Begin();
        remove.Bind(source).Bind(path).Run();
    }

    public void Clear()
    {
        using var clear = _clear.Begin();
        clear.Run();
    }
}
