using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>What was swapped out and still is in staging, by its place there.</summary>
public sealed class StagedLeftoversTable
{
    private const string Columns =
        "stage, path, dots, kind, size, mtime_ns, mode, content, link, disk_size, disk_mtime, disk_ctime, disk_inode, disk_device, disk_executable, since_ms";

    private readonly Statement _all;
    private readonly Statement _put;
    private readonly Statement _remove;

    internal StagedLeftoversTable(Session session)
    {
        _all = new Statement(session, $"SELECT {Columns} FROM leftovers ORDER BY stage");
        _put = new Statement(session, $"INSERT OR REPLACE INTO leftovers ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _remove = new Statement(session, "DELETE FROM leftovers WHERE stage = ?");
    }

    /// <summary>Ascending by stage.</summary>
    public IReadOnlyList<StagedLeftover> All()
    {
        var leftovers = new List<StagedLeftover>();
        using var row = _all.Begin();
        while (row.Next())
        {
            leftovers.Add(new StagedLeftover(
                row.Path(0), row.Path(1), row.Dots(2), row.Value(3), row.Signature(3 + Execution.ValueColumns), row.Int64(15)));
        }
        return leftovers;
    }

    public void Put(StagedLeftover leftover)
    {
        using var put = _put.Begin();
        put.Bind(leftover.Stage).Bind(leftover.Path).Bind(leftover.Dots).Bind(leftover.Value).Bind(leftover.Signature).Bind(leftover.SinceMs).Run();
    }

    /// <summary>Nothing happens if there is none.</summary>
    public void Remove(RelativePath stage)
    {
        using var remove = _remove.Begin();
        remove.Bind(stage).Run();
    }
}
