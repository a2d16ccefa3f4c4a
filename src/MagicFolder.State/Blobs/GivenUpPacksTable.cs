using MagicFolder.Model.Blobs;

namespace MagicFolder.State;

/// <summary>Packs that nothing here refers to any more, but which could not be freed yet, since somebody else had a lease. Nothing is known to lie in them, unless <see cref="PacksTable"/> has them again.</summary>
public sealed class GivenUpPacksTable
{
    private readonly Statement _all;
    private readonly Statement _add;
    private readonly Statement _remove;

    internal GivenUpPacksTable(Session session)
    {
        _all = new Statement(session, "SELECT cap FROM given_up_packs ORDER BY cap");
        _add = new Statement(session, "INSERT INTO given_up_packs (cap) VALUES (?) ON CONFLICT DO NOTHING");
        _remove = new Statement(session, "DELETE FROM given_up_packs WHERE cap = ?");
    }

    public IReadOnlyList<PackRef> All()
    {
        var packs = new List<PackRef>();
        using var row = _all.Begin();
        while (row.Next()) packs.Add(new PackRef(row.Text(0)));
        return packs;
    }

    public void Add(PackRef pack)
    {
        using var add = _add.Begin();
        add.Bind(pack.Reveal()).Run();
    }

    /// <summary>Nothing happens if it is not there.</summary>
    public void Remove(PackRef pack)
    {
        using var remove = _remove.Begin();
        remove.Bind(pack.Reveal()).Run();
    }
}
