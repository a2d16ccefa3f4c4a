namespace MagicFolder.State;

/// <summary>One row or none: the rules of what to ignore that were in force last.</summary>
public sealed class IgnoreRulesTable
{
    private readonly Statement _read;
    private readonly Statement _write;

    internal IgnoreRulesTable(Session session)
    {
        _read = new Statement(session, "SELECT defaults, shared, local FROM ignore_rules");
        _write = new Statement(session, "INSERT OR REPLACE INTO ignore_rules (id, defaults, shared, local) VALUES (1, ?, ?, ?)");
    }

    /// <summary>Null when there never were any.</summary>
    public IgnoreTexts? Read()
    {
        using var row = _read.Begin();
        return row.Next() ? new IgnoreTexts(row.Blob(0).ToArray(), row.Blob(1).ToArray(), row.Blob(2).ToArray()) : null;
    }

    public void Write(IgnoreTexts texts)
    {
        using var write = _write.Begin();
        write.Bind(texts.Defaults.Span).Bind(texts.Shared.Span).Bind(texts.Local.Span).Run();
    }
}
