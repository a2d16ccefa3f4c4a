using System.Buffers.Binary;

namespace MagicFolder.Tahoe.Shares;

/// <summary>
/// The 12 bytes in front of an immutable share on disk: version, length of the data (saturated, informational), number of leases. Share data follow, then the leases
/// (specification of the storage server, section 2).
/// </summary>
public readonly record struct ImmutableContainerHeader(ContainerVersion Version, uint LeaseCount, uint LengthField)
{
    public const int Size = 12;

    private const int LengthOffset = 4;

    /// <summary>Where the number of leases stands.</summary>
    public const int LeaseCountOffset = 8;

    /// <exception cref="DamagedContainerException"/>
    public static ImmutableContainerHeader Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length < Size)
        {
            throw new DamagedContainerException(ContainerFault.Truncated);
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[LengthOffset..]);
        var leases = BinaryPrimitives.ReadUInt32BigEndian(header[LeaseCountOffset..]);
        return BinaryPrimitives.ReadUInt32BigEndian(header) switch
        {
            1 => new(ContainerVersion.V1, leases, length),
            2 => new(ContainerVersion.V2, leases, length),
            _ => throw new DamagedContainerException(
                MutableContainerHeader.IsMutable(header) ? ContainerFault.WrongKind : ContainerFault.UnknownVersion),
        };
    }

    /// <summary>The header of a share with <paramref name="dataLength"/> bytes of data.</summary>
    public static ImmutableContainerHeader Of(ContainerVersion version, uint leaseCount, long dataLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dataLength);
        return new(version, leaseCount, (uint)Math.Min(dataLength, uint.MaxValue));
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Version);
        BinaryPrimitives.WriteUInt32BigEndian(destination[LengthOffset..], LengthField);
        BinaryPrimitives.WriteUInt32BigEndian(destination[LeaseCountOffset..], LeaseCount);
    }

    /// <summary>
    /// Length of the share data in a file of <paramref name="fileLength"/> bytes, as any reader finds it: all that is not a counted lease. A lease whose writer died before it was
    /// counted, or a part of it, is in there, too; the offsets in the share tell its true end.
    /// </summary>
    /// <exception cref="DamagedContainerException"/>
    public long DataLength(long fileLength)
    {
        var length = fileLength - Size - ((long)LeaseCount * Lease.ImmutableSize);
        return length >= 0 ? length : throw new DamagedContainerException(ContainerFault.Truncated);
    }

    /// <summary>
    /// Where the leases begin in a file of <paramref name="fileLength"/> bytes, and how many whole records are there. After a writer that died there is one more than was counted, or
    /// a part of one, which the next record covers; counted from the end of the file, that would put another's lease among the data.
    /// </summary>
    /// <exception cref="DamagedContainerException"/>
    public (long Start, uint Count) Leases(long fileLength)
    {
        var counted = DataLength(fileLength);
        // A length field that says anything else than what one such writer leaves is only informational, as it is for a Tahoe-LAFS server; so is one that is saturated.
        return LengthField == uint.MaxValue || counted - LengthField is < 0 or > Lease.ImmutableSize
            ? (Size + counted, LeaseCount)
            : (Size + (long)LengthField, counted - LengthField == Lease.ImmutableSize ? LeaseCount + 1 : LeaseCount);
    }
}
