namespace MagicFolder.State;

/// <summary>
/// What rows were found to be, for as long as one transaction is open: until then nobody else can write, and the table that owns this tells it of its own writes. Outside of
/// a transaction it remembers nothing. Bounded: when it is full, it begins anew.
/// </summary>
internal sealed class TransactionMemory<TKey, TValue> where TKey : notnull
{
    private const int MostRows = 8192;

    private readonly Session _session;
    private readonly Dictionary<TKey, TValue> _rows = [];

    internal TransactionMemory(Session session)
    {
        _session = session;
        session.AfterTransaction(_rows.Clear);
    }

    internal bool TryGet(TKey key, out TValue? value) => _rows.TryGetValue(key, out value);

    /// <summary>Returns the value, for the caller's convenience.</summary>
    internal TValue Keep(TKey key, TValue value)
    {
        if (!_session.InTransaction) return value;
        if (_rows.Count >= MostRows) _rows.Clear();
        _rows[key] = value;
        return value;
    }

    internal void Forget(TKey key) => _rows.Remove(key);

    internal void Clear() => _rows.Clear();
}
