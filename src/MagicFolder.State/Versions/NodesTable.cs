using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.State;

/// <summary>The nodes of all trees that are in use here, by id.</summary>
public sealed class NodesTable : INodeStore
{
    private const int SweepPage = 1024;

    private readonly Session _session;
    private readonly Statement _load;
    private readonly Statement _contains;
    private readonly Statement _save;
    private readonly Statement _count;
    private readonly Statement _ids;
    private readonly Statement _remove;

    internal NodesTable(Session session)
    {
        _session = session;
        _load = new Statement(session, "SELECT node FROM nodes WHERE id = ?");
        _contains = new Statement(session, "SELECT 1 FROM nodes WHERE id = ?");
        _save = new Statement(session, "INSERT INTO nodes (id, node) VALUES (?, ?) ON CONFLICT DO NOTHING");
        _count = new Statement(session, "SELECT count(*) FROM nodes");
        _ids = new Statement(session, "SELECT id FROM nodes WHERE id > ? ORDER BY id LIMIT ?");
        _remove = new Statement(session, "DELETE FROM nodes WHERE id = ?");
    }

    /// <summary>The bytes of a node, checked against its id: a flipped bit on this disk must not become a version.</summary>
    /// <exception cref="MissingNodeException">It is not here.</exception>
    /// <exception cref="DamagedBytesException">The bytes do not hash to the id.</exception>
    public byte[] Load(BlobId id)
    {
        using var row = _load.Begin();
        if (!row.Bind(id).Next()) throw new MissingNodeException(id);
        var node = row.Blob(0).ToArray();
        return BlobId.Of(node) == id
            ? node
            : throw new DamagedBytesException(DamageReason.WrongHash, $"The tree node {id} in the state database is damaged.");
    }

    public bool Contains(BlobId id)
    {
        using var row = _contains.Begin();
        return row.Bind(id).Next();
    }

    public void Save(BlobId id, byte[] bytes)
    {
        using var save = _save.Begin();
        save.Bind(id).Bind(bytes).Run();
    }

    public long Count()
    {
        using var row = _count.Begin();
        return row.Next() ? row.Int64(0) : 0;
    }

    /// <summary>Removes every node that is not in <paramref name="live"/>, in one transaction; returns how many.</summary>
    public int Sweep(IReadOnlySet<BlobId> live)
    {
        int removed = 0;
        _session.Atomically(() =>
        {
            var after = ReadOnlySpan<byte>.Empty;
            while (true)
            {
                var page = Ids(after);
                foreach (var id in page)
                    if (!live.Contains(id)) removed += Remove(id);
                if (page.Count < SweepPage) return;
                after = page[^1].ToArray();
            }
        });
        return removed;
    }

    private List<BlobId> Ids(ReadOnlySpan<byte> after)
    {
        var ids = new List<BlobId>();
        using var row = _ids.Begin();
        row.Bind(after).Bind(SweepPage);
        while (row.Next()) ids.Add(row.Id(0));
        return ids;
    }

    private int Remove(BlobId id)
    {
        using var remove = _remove.Begin();
        return remove.Bind(id).Run();
    }
}
