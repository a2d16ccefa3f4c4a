using System.Buffers.Binary;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.Grid.Servers;

/// <summary>The leases behind the data of an immutable share on disk. The data are never touched; the caller holds the lock of the slot.</summary>
internal static class ImmutableShareFile
{
    /// <summary>A lease that ends at most this much earlier than a renewed one would is left as it is: many references to one pack then cost one write.</summary>
    public const uint RenewalSlack = 3600;

    /// <summary>Adds or renews a lease, durably.</summary>
    /// <returns>False if the file is no immutable container.</returns>
    /// <exception cref="DamagedContainerException"/>
    public static bool TryRenewLease(string path, LeaseSecrets secrets, uint expiration)
    {
        using var file = ShareFile.Open(path, FileAccess.ReadWrite);
        if (ReadHeader(file) is not { } header)
        {
            return false;
        }

        var leases = ImmutableContainerHeader.Size + header.DataLength(RandomAccess.GetLength(file));
        Span<byte> record = stackalloc byte[Lease.ImmutableSize];
        for (uint i = 0; i < header.LeaseCount; i++)
        {
            var at = leases + ((long)i * Lease.ImmutableSize);
            ReadRecord(file, record, at);
            var lease = Lease.ParseImmutable(record);
            if (lease.BelongsTo(header.Version, secrets))
            {
                // RACE: a power loss may tear these four bytes when they straddle a page. At worst one lease ends at a wrong time; nothing is freed on that alone.
                if ((long)lease.Expiration + RenewalSlack < expiration)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(record, expiration);
                    RandomAccess.Write(file, record[..4], at + Lease.ImmutableExpirationOffset);
                    RandomAccess.FlushToDisk(file);
                }

                return true;
            }
        }

        Append(file, header, secrets, expiration, leases + ((long)header.LeaseCount * Lease.ImmutableSize));
        return true;
    }

    /// <summary>When the last lease ends, in seconds since 1970; 0 without leases. Null if the file is no immutable container.</summary>
    /// <exception cref="DamagedContainerException"/>
    public static uint? LastExpiration(string path)
    {
        using var file = ShareFile.Open(path, FileAccess.Read);
        if (ReadHeader(file) is not { } header)
        {
            return null;
        }

        var leases = ImmutableContainerHeader.Size + header.DataLength(RandomAccess.GetLength(file));
        uint last = 0;
        Span<byte> record = stackalloc byte[Lease.ImmutableSize];
        for (uint i = 0; i < header.LeaseCount; i++)
        {
            ReadRecord(file, record, leases + ((long)i * Lease.ImmutableSize));
            last = Math.Max(last, Lease.ParseImmutable(record).Expiration);
        }

        return last;
    }

    private static void Append(SafeFileHandle file, ImmutableContainerHeader header, LeaseSecrets secrets, uint expiration, long at)
    {
        Span<byte> record = stackalloc byte[Lease.ImmutableSize];
        Lease.Create(header.Version, owner: 1, expiration, secrets, stackalloc byte[Lease.NodeIdSize]).WriteImmutable(record);
        RandomAccess.Write(file, record, at);
        // The length of the data is the length of the file less its leases. The record must be durable before it is counted: the other way round a power loss could
        // leave a count without its record, and cut the data short. A record that is not counted only looks like data behind the end.
        RandomAccess.FlushToDisk(file);
        BinaryPrimitives.WriteUInt32BigEndian(record, header.LeaseCount + 1);
        RandomAccess.Write(file, record[..4], ImmutableContainerHeader.LeaseCountOffset);
        RandomAccess.FlushToDisk(file);
    }

    private static ImmutableContainerHeader? ReadHeader(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[ImmutableContainerHeader.Size];
        var read = RandomAccess.Read(file, bytes, 0);
        return MutableContainerHeader.IsMutable(bytes[..read]) ? null : ImmutableContainerHeader.Parse(bytes[..read]);
    }

    private static void ReadRecord(SafeFileHandle file, Span<byte> record, long at)
    {
        if (RandomAccess.Read(file, record, at) != record.Length)
        {
            throw new DamagedContainerException(ContainerFault.Truncated);
        }
    }
}
