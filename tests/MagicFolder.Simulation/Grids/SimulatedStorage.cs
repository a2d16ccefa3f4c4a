using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Simulation.Grids;

/// <summary>
/// What all grids of one run store: immutable objects by cap, mutable ones by fingerprint, in all their versions. It outlives every process. Its servers may for a while be
/// empty, or show what they held at an earlier time.
/// </summary>
internal sealed class SimulatedStorage
{
    private readonly Dictionary<string, (long Moment, byte[] Content)> _immutable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<MutableContent>> _mutable = new(StringComparer.Ordinal);
    private readonly HashSet<StorageIndex> _indexes = [];
    private long _moment;

    /// <summary>How many writes there were.</summary>
    public long Moment => _moment;

    /// <summary>Show only what was written up to this moment; null: everything.</summary>
    public long? ShownUpTo { get; set; }

    /// <summary>The same at this moment. Objects are shared, as nothing changes them.</summary>
    public SimulatedStorage Copy()
    {
        var copy = new SimulatedStorage { _moment = _moment, ShownUpTo = ShownUpTo };
        foreach (var (key, stored) in _immutable) copy._immutable.Add(key, stored);
        foreach (var (key, versions) in _mutable) copy._mutable.Add(key, [.. versions]);
        copy._indexes.UnionWith(_indexes);
        return copy;
    }

    public void Put(ImmutableCap cap, byte[] content)
    {
        string key = cap.ToUriString();
        if (!_immutable.ContainsKey(key)) _immutable[key] = (++_moment, content);
        if (cap is ChkCap chk) _indexes.Add(chk.StorageIndex);
    }

    public byte[]? Find(ImmutableCap cap) => _immutable.TryGetValue(cap.ToUriString(), out var found) && IsShown(found.Moment) ? found.Content : null;

    public bool Holds(StorageIndex index) => ShownUpTo is null && _indexes.Contains(index);

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

    private bool IsShown(long moment) => ShownUpTo is not { } last || moment <= last;
}
