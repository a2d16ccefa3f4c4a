using System.Buffers.Binary;
using System.Security.Cryptography;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Shares;

/// <summary>
/// A whole mutable share as a server keeps it: header, write enabler, data, leases (specification of the storage server, section 3). An immutable value: changes give a new
/// container, since the file is replaced and never edited in place.
/// </summary>
/// <remarks>Written without gap between data and extra leases; a gap in a file that was read (the reference leaves one when data shrink) is dropped.</remarks>
public sealed class MutableContainer
{
    /// <summary>Largest data held, so that hostile lengths and sparse files cost no memory: 256 MiB.</summary>
    public const int MaximumDataLength = 256 << 20;

    /// <summary>Largest file that is read: data, a gap and leases.</summary>
    public const int MaximumFileLength = MaximumDataLength + (1 << 20);

    private readonly byte[] _nodeId;
    private readonly byte[] _writeEnabler;
    private readonly Lease[] _leases;

    private MutableContainer(ContainerVersion version, byte[] nodeId, byte[] writeEnabler, ReadOnlyMemory<byte> data, Lease[] leases)
    {
        Version = version;
        Data = data;
        _nodeId = nodeId;
        _writeEnabler = writeEnabler;
        _leases = leases;
    }

    public ContainerVersion Version { get; }

    public ReadOnlyMemory<byte> Data { get; }

    public IReadOnlyList<Lease> Leases => _leases;

    /// <summary>The server that recorded the write enabler.</summary>
    public ReadOnlySpan<byte> NodeId => _nodeId;

    /// <summary>Length of the file that <see cref="Write"/> makes.</summary>
    public int FileLength => MutableContainerHeader.DataOffset + Data.Length + 4
        + (Lease.MutableSize * Math.Max(0, _leases.Length - MutableContainerHeader.SlotCount));

    /// <summary>An empty container, version 2, without leases.</summary>
    public static MutableContainer Create(ReadOnlySpan<byte> nodeId, Digest writeEnabler)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nodeId.Length, Lease.NodeIdSize);
        return new(ContainerVersion.V2, nodeId.ToArray(), writeEnabler.ToArray(), ReadOnlyMemory<byte>.Empty, []);
    }

    /// <summary>Parses a whole file. Copies what it keeps.</summary>
    /// <exception cref="DamagedContainerException"/>
    public static MutableContainer Parse(ReadOnlySpan<byte> file) => Parse(file, forgiveLeases: false);

    /// <summary>As <see cref="Parse(ReadOnlySpan{byte})"/>, but leases behind the data that cannot be read count as none: their owners renew them, and the data are worth more.</summary>
    /// <exception cref="DamagedContainerException"/>
    public static MutableContainer ParseForgivingLeases(ReadOnlySpan<byte> file) => Parse(file, forgiveLeases: true);

    private static MutableContainer Parse(ReadOnlySpan<byte> file, bool forgiveLeases)
    {
        var header = MutableContainerHeader.Parse(file, file.Length);
        if (header.DataLength > MaximumDataLength)
        {
            throw new DamagedContainerException(ContainerFault.TooLarge);
        }

        return new(
            header.Version,
            file.Slice(MutableContainerHeader.NodeIdOffset, Lease.NodeIdSize).ToArray(),
            file.Slice(MutableContainerHeader.WriteEnablerOffset, Digest.Length).ToArray(),
            file.Slice(MutableContainerHeader.DataOffset, (int)header.DataLength).ToArray(),
            ParseLeases(file, (int)header.ExtraLeasesOffset, forgiveLeases));
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] Write()
    {
        var file = new byte[FileLength];
        var extra = MutableContainerHeader.DataOffset + Data.Length;
        MutableContainerHeader.Magic(Version).CopyTo(file);
        _nodeId.CopyTo(file.AsSpan(MutableContainerHeader.NodeIdOffset));
        _writeEnabler.CopyTo(file.AsSpan(MutableContainerHeader.WriteEnablerOffset));
        BinaryPrimitives.WriteInt64BigEndian(file.AsSpan(MutableContainerHeader.DataLengthOffset), Data.Length);
        BinaryPrimitives.WriteInt64BigEndian(file.AsSpan(MutableContainerHeader.ExtraLeasesOffsetOffset), extra);
        Data.Span.CopyTo(file.AsSpan(MutableContainerHeader.DataOffset));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(extra), Math.Max(0, _leases.Length - MutableContainerHeader.SlotCount));
        for (var i = 0; i < _leases.Length; i++)
        {
            var offset = i < MutableContainerHeader.SlotCount
                ? MutableContainerHeader.SlotsOffset + (i * Lease.MutableSize)
                : extra + 4 + ((i - MutableContainerHeader.SlotCount) * Lease.MutableSize);
            _leases[i].WriteMutable(file.AsSpan(offset, Lease.MutableSize));
        }

        return file;
    }

    /// <summary>Compares in constant time.</summary>
    public bool HasWriteEnabler(Digest presented) => CryptographicOperations.FixedTimeEquals(_writeEnabler, presented.ToArray());

    public MutableContainer WithData(ReadOnlyMemory<byte> data) => new(Version, _nodeId, _writeEnabler, data, _leases);

    /// <summary>Raises the expiration of the lease that these secrets own (never lowers it), or appends a new lease.</summary>
    public MutableContainer WithLease(LeaseSecrets secrets, uint expiration, ReadOnlySpan<byte> nodeId)
    {
        for (var i = 0; i < _leases.Length; i++)
        {
            if (_leases[i].BelongsTo(Version, secrets))
            {
                if (_leases[i].Expiration >= expiration)
                {
                    return this;
                }

                var renewed = (Lease[])_leases.Clone();
                renewed[i] = _leases[i].WithExpiration(expiration);
                return new(Version, _nodeId, _writeEnabler, Data, renewed);
            }
        }

        return new(Version, _nodeId, _writeEnabler, Data, [.. _leases, Lease.Create(Version, 1, expiration, secrets, nodeId)]);
    }

    public override string ToString() => $"MutableContainer({Version}, {Data.Length} bytes, {_leases.Length} leases)";

    private static Lease[] ParseLeases(ReadOnlySpan<byte> file, int extraOffset, bool forgive)
    {
        var extra = file[Math.Min(extraOffset + 4, file.Length)..];
        var extraCount = file.Length - extraOffset < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(file[extraOffset..]);
        if (extraCount > (uint)(extra.Length / Lease.MutableSize))
        {
            extraCount = forgive ? 0u : throw new DamagedContainerException(ContainerFault.Truncated);
        }

        var leases = new List<Lease>();
        for (var i = 0; i < MutableContainerHeader.SlotCount + (int)extraCount; i++)
        {
            var record = i < MutableContainerHeader.SlotCount
                ? file.Slice(MutableContainerHeader.SlotsOffset + (i * Lease.MutableSize), Lease.MutableSize)
                : extra.Slice((i - MutableContainerHeader.SlotCount) * Lease.MutableSize, Lease.MutableSize);
            var lease = Lease.ParseMutable(record);
            if (lease.Owner != 0)
            {
                leases.Add(lease);
            }
        }

        return [.. leases];
    }
}
