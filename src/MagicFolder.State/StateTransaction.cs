namespace MagicFolder.State;

/// <summary>
/// One atomic, durable change of the state. <see cref="Dispose"/> without <see cref="Commit"/> rolls back. After a statement in it has failed
/// it can only be rolled back.
/// </summary>
public sealed class StateTransaction : IDisposable
{
    private readonly Session _session;

    internal StateTransaction(Session session) => _session = session;

    /// <summary>A statement failed inside it: what SQLite kept of it is unknown, so nothing more may be done in it.</summary>
    internal bool IsDoomed { get; set; }

    /// <summary>When this returns, everything done since the beginning survives a power loss.</summary>
    /// <exception cref="InvalidOperationException">Committed or rolled back before, or a statement in it failed.</exception>
    /// <exception cref="StateStorageException">Nothing was kept.</exception>
    public void Commit() => _session.Commit(this);

    public void Dispose() => _session.RollBack(this);
}
