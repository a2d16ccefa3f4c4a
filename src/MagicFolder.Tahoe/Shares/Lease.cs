using System.Buffers.Binary;
using System.Security.Cryptography;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Shares;

/// <summary>
/// A lease as a container stores it. The two kinds of containers hold the same fields in different order (specification of the storage server, sections 2 and 3).
/// Immutable; equality is by reference.
/// </summary>
public sealed class Lease
{
    public const int ImmutableSize = 72;
    public const int MutableSize = 92;
    public const int NodeIdSize = 20;

    /// <summary>Where the expiration stands in an immutable lease record, so that a renewal can rewrite it alone.</summary>
    public const int ImmutableExpirationOffset = 68;

    private readonly byte[] _renew;
    private readonly byte[] _cancel;
    private readonly byte[] _nodeId;

    private Lease(uint owner, uint expiration, ReadOnlySpan<byte> renew, ReadOnlySpan<byte> cancel, ReadOnlySpan<byte> nodeId)
    {
        Owner = owner;
        Expiration = expiration;
        _renew = renew.ToArray();
        _cancel = cancel.ToArray();
        _nodeId = nodeId.ToArray();
    }

    /// <summary>0 marks an empty slot of a mutable container; otherwise it has no meaning.</summary>
    public uint Owner { get; }

    /// <summary>Seconds since 1970, UTC.</summary>
    public uint Expiration { get; }

    /// <summary>A new lease in the stored form of <paramref name="version"/>.</summary>
    public static Lease Create(ContainerVersion version, uint owner, uint expiration, LeaseSecrets secrets, ReadOnlySpan<byte> nodeId)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nodeId.Length, NodeIdSize);
        Span<byte> renew = stackalloc byte[Digest.Length];
        Span<byte> cancel = stackalloc byte[Digest.Length];
        Store(version, secrets.Renew, renew);
        Store(version, secrets.Cancel, cancel);
        return new Lease(owner, expiration, renew, cancel, nodeId);
    }

    public static Lease ParseImmutable(ReadOnlySpan<byte> record) =>
        new(
            BinaryPrimitives.ReadUInt32BigEndian(record),
            BinaryPrimitives.ReadUInt32BigEndian(record[ImmutableExpirationOffset..]),
            record.Slice(4, 32),
            record.Slice(36, 32),
            stackalloc byte[NodeIdSize]);

    public static Lease ParseMutable(ReadOnlySpan<byte> record) =>
        new(
            BinaryPrimitives.ReadUInt32BigEndian(record),
            BinaryPrimitives.ReadUInt32BigEndian(record[4..]),
            record.Slice(8, 32),
            record.Slice(40, 32),
            record.Slice(72, NodeIdSize));

    public void WriteImmutable(Span<byte> record)
    {
        BinaryPrimitives.WriteUInt32BigEndian(record, Owner);
        _renew.CopyTo(record[4..]);
        _cancel.CopyTo(record[36..]);
        BinaryPrimitives.WriteUInt32BigEndian(record[ImmutableExpirationOffset..], Expiration);
    }

    public void WriteMutable(Span<byte> record)
    {
        BinaryPrimitives.WriteUInt32BigEndian(record, Owner);
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], Expiration);
        _renew.CopyTo(record[8..]);
        _cancel.CopyTo(record[40..]);
        _nodeId.CopyTo(record[72..]);
    }

    /// <summary>Whether this is the lease of whoever presents <paramref name="secrets"/>, in constant time.</summary>
    public bool BelongsTo(ContainerVersion version, LeaseSecrets secrets)
    {
        Span<byte> renew = stackalloc byte[Digest.Length];
        Store(version, secrets.Renew, renew);
        return CryptographicOperations.FixedTimeEquals(renew, _renew);
    }

    public Lease WithExpiration(uint expiration) => new(Owner, expiration, _renew, _cancel, _nodeId);

    public override string ToString() => $"Lease(until {DateTimeOffset.FromUnixTimeSeconds(Expiration):u})";

    private static void Store(ContainerVersion version, Digest secret, Span<byte> destination)
    {
        secret.CopyTo(destination);
        if (version != ContainerVersion.V1)
        {
            Blake2b256.Hash(destination, destination);
        }
    }
}
