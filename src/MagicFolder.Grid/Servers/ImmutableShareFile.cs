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

        var (leases, count) = header.Leases(RandomAccess.GetLength(file));
        if (count > header.LeaseCount)
        {
            Count(file, count);
        }

        Span<byte> record = stackalloc byte[Lease.ImmutableSize];
        foreach (var (lease, at) in ReadLeases(file, header))
        {
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

        Lease.Create(header.Version, owner: 1, expiration, secrets, stackalloc byte[Lease.NodeIdSize]).WriteImmutable(record);
        RandomAccess.Write(file, record, leases + ((long)count * Lease.ImmutableSize));
        Count(file, count + 1);
        return true;
    }

    /// <summary>Ends a lease that is there, durably. Nothing happens if there is none, or if the file is no immutable container.</summary>
    /// <exception cref="DamagedContainerException"/>
    public static void EndLease(string path, LeaseSecrets secrets, uint now)
    {
        using var file = ShareFile.Open(path, FileAccess.ReadWrite);
        if (ReadHeader(file) is not { } header)
        {
            return;
        }

        foreach (var (lease, at) in ReadLeases(file, header))
        {
            if (!lease.BelongsTo(header.Version, secrets) || lease.Expiration <= now)
            {
                continue;
            }

            var end = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(end, now);
            RandomAccess.Write(file, end, at + Lease.ImmutableExpirationOffset);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>When the last lease ends, in seconds since 1970; 0 without leases. Null if the file is no immutable container.</summary>
    /// <param name="path">The file of the share.</param>
    /// <param name="except">A lease that does not count; null when every one does.</param>
    /// <exception cref="DamagedContainerException"/>
    public static uint? LastExpiration(string path, LeaseSecrets? except)
    {
        using var file = ShareFile.Open(path, FileAccess.Read);
        if (ReadHeader(file) is not { } header)
        {
            return null;
        }

        uint last = 0;
        foreach (var (lease, _) in ReadLeases(file, header))
        {
            if (except is not { } own || !lease.BelongsTo(header.Version, own))
            {
                last = Math.Max(last, lease.Expiration);
            }
        }

        return last;
    }

    /// <summary>All leases, each with its place in the file.</summary>
    private static IEnumerable<(Lease Lease, long At)> ReadLeases(SafeFileHandle file, ImmutableContainerHeader header)
    {
        var (first, count) = header.Leases(RandomAccess.GetLength(file));
        var record = new byte[Lease.ImmutableSize];
        for (uint i = 0; i < count; i++)
        {
            var at = first + ((long)i * Lease.ImmutableSize);
            ReadRecord(file, record, at);
            yield return (Lease.ParseImmutable(record), at);
        }
    }

    private static void Count(SafeFileHandle file, uint leases)
    {
        // For a reader the length of the data is the length of the file less its leases. A record must be durable before it is counted: the other way round a power loss could
        // leave a count without its record, and cut the data short. A record that is not counted only looks like data behind the end, and counts for us all the same.
        RandomAccess.FlushToDisk(file);
        Span<byte> count = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(count, leases);
        RandomAccess.Write(file, count, ImmutableContainerHeader.LeaseCountOffset);
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
