using MagicFolder.Model.Versions;

namespace MagicFolder.State;

/// <summary>The newest thing seen of each other actor, with the proof for it.</summary>
public sealed class ObservationsTable
{
    private const string Columns = "actor, seq, snapshot, nonce, fingerprint, signature";

    private readonly Statement _all;
    private readonly Statement _find;
    private readonly Statement _put;

    internal ObservationsTable(Session session)
    {
        _all = new Statement(session, $"SELECT {Columns} FROM observations");
        _find = new Statement(session, $"SELECT {Columns} FROM observations WHERE actor = ?");
        _put = new Statement(
            session,
            $"INSERT INTO observations ({Columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (actor) DO UPDATE SET seq = excluded.seq, "
            + "snapshot = excluded.snapshot, nonce = excluded.nonce, fingerprint = excluded.fingerprint, signature = excluded.signature "
            + "WHERE excluded.seq > observations.seq");
    }

    public Observed ReadAll()
    {
        var observed = Observed.None;
        using var row = _all.Begin();
        while (row.Next()) observed = observed.With(Read(row));
        return observed;
    }

    public Observation? Find(ActorId actor)
    {
        using var row = _find.Begin();
        return row.Bind(actor).Next() ? Read(row) : null;
    }

    /// <summary>Replaces what was known of that actor if this is newer; contexts only grow, so an older or equal one changes nothing.</summary>
    public void Put(Observation observation)
    {
        using var put = _put.Begin();
        put.Bind(observation.Actor).Bind(observation.Seq).Bind(observation.Snapshot).Bind(observation.Nonce.AsSpan())
            .Bind(observation.Fingerprint.AsSpan()).Bind(observation.Signature.AsSpan()).Run();
    }

    private static Observation Read(Execution row) =>
        new(row.Actor(0), row.Int64(1), row.Id(2), row.Bytes(3), row.Bytes(4), row.Bytes(5));
}
