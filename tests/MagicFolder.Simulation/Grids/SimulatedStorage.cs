using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Simulation.Grids;

/// <summary>What all grids of one run store: immutable objects by cap, mutable ones by fingerprint. It outlives every process.</summary>
internal sealed class SimulatedStorage
{
    private readonly Dictionary<string, byte[]> _immutable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Seqnum, byte[] Content, byte[] PublicKey)> _mutable = new(StringComparer.Ordinal);

    public void Put(ImmutableCap cap, byte[] content) => _immutable[cap.ToUriString()] = content;

    public byte[]? Find(ImmutableCap cap) => _immutable.GetValueOrDefault(cap.ToUriString());

    public bool Holds(StorageIndex index) => _immutable.Keys.Any(text => Cap.Parse(text) is ChkCap cap && cap.StorageIndex == index);

    public (long Seqnum, byte[] Content, byte[] PublicKey)? FindMutable(MutableReadCap cap) =>
        _mutable.TryGetValue(cap.Fingerprint.ToString(), out var found) ? found : null;

    public void PutMutable(MutableReadCap cap, long seqnum, byte[] content, byte[] publicKey) =>
        _mutable[cap.Fingerprint.ToString()] = (seqnum, content, publicKey);
}
