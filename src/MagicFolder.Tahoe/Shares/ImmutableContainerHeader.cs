using System.Buffers.Binary;

namespace MagicFolder.Tahoe.Shares;

/// <summary>
/// The 12 bytes in front of an immutable share on disk: version, length of the data (saturated, informational), number of leases. Share data follow, then the leases
/// (specification of the storage server, section 2).
/// </summary>
public readonly record struct ImmutableContainerHeader(ContainerVersion Version, uint LeaseCount)
{
    public const int Size = 12;

    /// <summary>Where the number of leases stands.</summary>
    public const int LeaseCountOffset = 8;

    /// <exception cref="DamagedContainerException"/>
    public static ImmutableContainerHeader Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length < Size)
        {
            throw new DamagedContainerException(ContainerFault.Truncated);
        }

        return BinaryPrimitives.ReadUInt32BigEndian(header) switch
        {
            1 => new(ContainerVersion.V1, BinaryPrimitives.ReadUInt32BigEndian(header[LeaseCountOffset..])),
            2 => new(ContainerVersion.V2, BinaryPrimitives.ReadUInt32BigEndian(header[LeaseCountOffset..])),
            _ => throw new DamagedContainerException(
                MutableContainerHeader.IsMutable(header) ? ContainerFault.WrongKind : ContainerFault.UnknownVersion),
        };
    }

    public void Write(Span<byte> destination, long dataLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dataLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Version);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)Math.Min(dataLength, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(destination[LeaseCountOffset..], LeaseCount);
    }

    /// <summary>Length of the share data in a file of <paramref name="fileLength"/> bytes.</summary>
    /// <exception cref="DamagedContainerException"/>
    public long DataLength(long fileLength)
    {
        var length = fileLength - Size - ((long)LeaseCount * Lease.ImmutableSize);
        return length >= 0 ? length : throw new DamagedContainerException(ContainerFault.Truncated);
    }
}
