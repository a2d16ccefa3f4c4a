using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>What happened, for people: of the whole folder or of one path.</summary>
public sealed class ActivityTable
{
    private const string Columns = "id, time_ms, path, kind, text";

    private readonly Statement _append;
    private readonly Statement _for;
    private readonly Statement _newest;
    private readonly Statement _trim;

    internal ActivityTable(Session session)
    {
        _append = new Statement(session, "INSERT INTO activity (time_ms, path, kind, text) VALUES (?, ?, ?, ?)");
        _for = new Statement(session, $"SELECT {Columns} FROM activity WHERE path = ? ORDER BY id DESC LIMIT ?");
        _newest = new Statement(session, $"SELECT {Columns} FROM activity ORDER BY id DESC LIMIT ?");
        _trim = new Statement(session, "DELETE FROM activity WHERE id <= (SELECT id FROM activity ORDER BY id DESC LIMIT 1 OFFSET ?)");
    }

    /// <param name="timeMs">Milliseconds since the epoch.</param>
    /// <param name="path">Null for the folder as a whole.</param>
    /// <param name="kind">A word for programs.</param>
    /// <param name="text">A sentence for people; no secrets.</param>
    public void Append(long timeMs, RelativePath? path, string kind, string text)
    {
        using var append = _append.Begin();
        append.Bind(timeMs).Bind(path).Bind(kind).Bind(text).Run();
    }

    /// <summary>Of exactly this path, newest first.</summary>
    public IReadOnlyList<ActivityRow> For(RelativePath path, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        using var query = _for.Begin();
        return ReadAll(query.Bind(path).Bind(limit));
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ActivityRow> Newest(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        using var query = _newest.Begin();
        return ReadAll(query.Bind(limit));
    }

    /// <summary>Removes all but the newest <paramref name="keep"/>.</summary>
    public void Trim(int keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        using var trim = _trim.Begin();
        trim.Bind(keep).Run();
    }

    private static List<ActivityRow> ReadAll(Execution row)
    {
        var rows = new List<ActivityRow>();
        while (row.Next()) rows.Add(new ActivityRow(row.Int64(0), row.Int64(1), row.OptionalPath(2), row.Text(3), row.Text(4)));
        return rows;
    }
}
