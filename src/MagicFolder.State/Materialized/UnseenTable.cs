using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>Where a new state could not look when it saw its directory for the first time.</summary>
public sealed class UnseenTable
{
    private readonly Statement _add;
    private readonly Statement _all;
    private readonly Statement _remove;

    internal UnseenTable(Session session)
    {
        _add = new Statement(session, "INSERT INTO unseen (path) VALUES (?) ON CONFLICT DO NOTHING");
        _all = new Statement(session, "SELECT path FROM unseen ORDER BY path");
        _remove = new Statement(session, "DELETE FROM unseen WHERE path = ?");
    }

    /// <summary>Adding twice is adding once.</summary>
    public void Add(RelativePath path)
    {
        using var add = _add.Begin();
        add.Bind(path).Run();
    }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<RelativePath> All()
    {
        var paths = new List<RelativePath>();
        using var row = _all.Begin();
        while (row.Next()) paths.Add(row.Path(0));
        return paths;
    }

    /// <summary>Nothing happens if it is not there.</summary>
    public void Remove(RelativePath path)
    {
        using var remove = _remove.Begin();
        remove.Bind(path).Run();
    }
}
