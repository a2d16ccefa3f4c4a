using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Simulation.Grids;

/// <summary>
/// What all grids of one run store: immutable objects by cap, with their leases, mutable ones by fingerprint, in all their versions. It outlives every process. Its servers may for a while be
/// empty, or show what they held at an earlier time.
/// </summary>
internal sealed class SimulatedStorage
{
    private readonly Dictionary<string, StoredObject> _immutable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<MutableContent>> _mutable = new(StringComparer.Ordinal);

    /// <summary>Until when each client holds a lease, in nanoseconds since the epoch; of all that was ever stored and not freed.</summary>
    private readonly Dictionary<StorageIndex, Dictionary<int, long>> _leases = [];
    private long _moment;

    /// <summary>How many writes there were.</summary>
    public long Moment => _moment;

    /// <summary>Show only what was written up to this moment; null: everything.</summary>
    public long? ShownUpTo { get; set; }

    /// <summary>How many immutable objects it holds.</summary>
    public int Count => _leases.Count;

    /// <summary>The same at this moment. Objects are shared, as nothing changes them.</summary>
    public SimulatedStorage Copy()
    {
        var copy = new SimulatedStorage { _moment = _moment, ShownUpTo = ShownUpTo };
        foreach (var (key, stored) in _immutable) copy._immutable.Add(key, stored);
        foreach (var (key, versions) in _mutable) copy._mutable.Add(key, [.. versions]);
        foreach (var (index, leases) in _leases) copy._leases.Add(index, new Dictionary<int, long>(leases));
        return copy;
    }

    public void Put(ChkCap cap, byte[] content)
    {
        string key = cap.ToUriString();
        if (!_immutable.TryGetValue(key, out var stored) || stored.Freed is not null) _immutable[key] = new StoredObject(++_moment, null, content);
        _leases.TryAdd(cap.StorageIndex, []);
    }

    public byte[]? Find(ImmutableCap cap) => _immutable.TryGetValue(cap.ToUriString(), out var found) && IsShown(found) ? found.Content : null;

    public bool Holds(StorageIndex index) => ShownUpTo is null && _leases.ContainsKey(index);

    public void Lease(StorageIndex index, int client, long until) => _leases[index][client] = until;

    /// <summary>The object stays, whether or not there is another lease.</summary>
    public void EndLease(StorageIndex index, int client)
    {
        if (_leases.TryGetValue(index, out var leases)) leases.Remove(client);
    }

    /// <summary>The object goes with the last lease that has not run out; a lease that has run out keeps nothing.</summary>
    /// <returns>Whether it has gone.</returns>
    public bool GiveUp(StorageIndex index, int client, long now)
    {
        bool goes = WouldGiveUp(index, client, now);
        _leases[index].Remove(client);
        if (!goes) return false;
        _leases.Remove(index);
        _moment++;
        foreach (var (key, stored) in _immutable.Where(stored => stored.Value.Freed is null && Cap.TryParse(stored.Key, out var cap) && cap is ChkCap chk && chk.StorageIndex.Equals(index)).ToList())
            _immutable[key] = stored with { Freed = _moment };
        return true;
    }

    /// <summary>Would it go?</summary>
    public bool WouldGiveUp(StorageIndex index, int client, long now) => !_leases[index].Any(lease => lease.Key != client && lease.Value > now);

    public MutableContent? FindMutable(MutableReadCap cap) =>
        _mutable.TryGetValue(cap.Fingerprint.ToString(), out var versions) ? versions.FindLast(version => IsShown(version.Moment)) : null;

    /// <summary>All versions, oldest first.</summary>
    public IReadOnlyList<MutableContent> AllVersions(MutableReadCap cap) => _mutable.GetValueOrDefault(cap.Fingerprint.ToString()) ?? [];

    public void PutMutable(MutableReadCap cap, long seqnum, byte[] content, byte[] publicKey)
    {
        string key = cap.Fingerprint.ToString();
        if (!_mutable.TryGetValue(key, out var versions)) _mutable[key] = versions = [];
        versions.Add(new MutableContent(++_moment, seqnum, content, publicKey));
    }

    private bool IsShown(StoredObject stored) => IsShown(stored.Moment) && (stored.Freed is not { } freed || !IsShown(freed));

    private bool IsShown(long moment) => ShownUpTo is not { } last || moment <= last;

    private sealed record StoredObject(long Moment, long? Freed, byte[] Content);
}
