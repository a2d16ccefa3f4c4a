using MagicFolder.Model.Materialized;

namespace MagicFolder.State;

/// <summary>The journal of swaps that are about to happen, so that a crash in the middle of one is recognized.</summary>
public sealed class IntentsTable
{
    private const string Columns = """
        intent, path, stage, dots, kind, size, mtime_ns, mode, content, link,
        expected_size, expected_mtime, expected_ctime, expected_inode, expected_device, expected_executable,
        staged_size, staged_mtime, staged_ctime, staged_inode, staged_device, staged_executable, conflict_of
        """;

    private readonly Statement _add;
    private readonly Statement _all;
    private readonly Statement _remove;
    private readonly Statement _clear;

    internal IntentsTable(Session session)
    {
        _add = new Statement(
            session, $"INSERT INTO intents ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _all = new Statement(session, $"SELECT id, {Columns} FROM intents ORDER BY id");
        _remove = new Statement(session, "DELETE FROM intents WHERE id BETWEEN ? AND ?");
        // Without a condition SQLite writes the table's page even when it is empty, and this runs at each start (sqlite.org/lang_delete.html, the truncate optimization).
        _clear = new Statement(session, "DELETE FROM intents WHERE id > 0");
    }

    /// <summary>Returns it with its id; the id given is ignored. It is a promise to later selves only when the transaction is committed.</summary>
    public ApplyIntent Add(ApplyIntent intent)
    {
        using var add = _add.Begin();
        long id = add.Bind((long)intent.Kind).Bind(intent.Path).Bind(intent.Stage).Bind(intent.Dots).Bind(intent.Value)
            .Bind(intent.Expected).Bind(intent.Staged).Bind(intent.ConflictOf).Insert();
        return intent with { Id = id };
    }

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<ApplyIntent> All()
    {
        var intents = new List<ApplyIntent>();
        using var row = _all.Begin();
        while (row.Next())
        {
            if (row.Int64(1) is < 0 or > (long)IntentKind.Remove) throw Execution.Damaged("a kind of intent is unknown");
            intents.Add(new ApplyIntent(
                row.Int64(0), (IntentKind)row.Int64(1), row.Path(2), row.Path(3), row.Dots(4), row.OptionalValue(5),
                row.OptionalSignature(11), row.OptionalSignature(17), row.OptionalPath(23)));
        }
        return intents;
    }

    /// <summary>Those from the one id to the other, both included.</summary>
    public void Remove(long first, long last)
    {
        using var remove = _remove.Begin();
        remove.Bind(first).Bind(last).Run();
    }

    public void Clear()
    {
        using var clear = _clear.Begin();
        clear.Run();
    }
}
