using System.Buffers.Binary;

namespace MagicFolder.Tahoe.Shares;

/// <summary>
/// The first 100 bytes of a mutable share on disk, checked against the length of the file (specification of the storage server, section 3).
/// </summary>
/// <param name="Version">Kept from an existing file.</param>
/// <param name="DataLength">D: bytes of share data, which begin at <see cref="DataOffset"/>.</param>
/// <param name="ExtraLeasesOffset">E: where the count of leases beyond the fourth stands, at or after the end of the data.</param>
public readonly record struct MutableContainerHeader(ContainerVersion Version, long DataLength, long ExtraLeasesOffset)
{
    public const int Size = 100;
    public const int DataOffset = 468;

    internal const int MagicSize = 32;
    internal const int NodeIdOffset = 32;
    internal const int WriteEnablerOffset = 52;
    internal const int DataLengthOffset = 84;
    internal const int ExtraLeasesOffsetOffset = 92;
    internal const int SlotsOffset = 100;
    internal const int SlotCount = 4;

    // "Tahoe mutable container vN\n", then 5 bytes: random for version 1, a tagged hash of the line since.
    private static ReadOnlySpan<byte> MagicV1Bytes =>
    [
        0x54, 0x61, 0x68, 0x6f, 0x65, 0x20, 0x6d, 0x75, 0x74, 0x61, 0x62, 0x6c, 0x65, 0x20, 0x63, 0x6f,
        0x6e, 0x74, 0x61, 0x69, 0x6e, 0x65, 0x72, 0x20, 0x76, 0x31, 0x0a, 0x75, 0x09, 0x44, 0x03, 0x8e,
    ];

    private static ReadOnlySpan<byte> MagicV2Bytes =>
    [
        0x54, 0x61, 0x68, 0x6f, 0x65, 0x20, 0x6d, 0x75, 0x74, 0x61, 0x62, 0x6c, 0x65, 0x20, 0x63, 0x6f,
        0x6e, 0x74, 0x61, 0x69, 0x6e, 0x65, 0x72, 0x20, 0x76, 0x32, 0x0a, 0xc3, 0x55, 0x21, 0x99, 0x25,
    ];

    public static bool IsMutable(ReadOnlySpan<byte> header) => header.StartsWith("Tahoe"u8);

    /// <exception cref="DamagedContainerException"/>
    public static MutableContainerHeader Parse(ReadOnlySpan<byte> header, long fileLength)
    {
        if (!IsMutable(header))
        {
            throw new DamagedContainerException(header.Length < 4 ? ContainerFault.Truncated
                : BinaryPrimitives.ReadUInt32BigEndian(header) is 1 or 2 ? ContainerFault.WrongKind
                : ContainerFault.UnknownVersion);
        }

        if (header.Length < Size || fileLength < DataOffset)
        {
            throw new DamagedContainerException(ContainerFault.Truncated);
        }

        var version = ParseMagic(header[..MagicSize]);
        var dataLength = BinaryPrimitives.ReadUInt64BigEndian(header[DataLengthOffset..]);
        var extra = BinaryPrimitives.ReadUInt64BigEndian(header[ExtraLeasesOffsetOffset..]);
        if (dataLength > (ulong)(fileLength - DataOffset) || extra < DataOffset + dataLength || extra > (ulong)fileLength)
        {
            throw new DamagedContainerException(ContainerFault.BadLayout);
        }

        return new((ContainerVersion)version, (long)dataLength, (long)extra);
    }

    internal static ReadOnlySpan<byte> Magic(ContainerVersion version) => version == ContainerVersion.V1 ? MagicV1Bytes : MagicV2Bytes;

    private static int ParseMagic(ReadOnlySpan<byte> magic) =>
        magic.SequenceEqual(MagicV1Bytes) ? 1
        : magic.SequenceEqual(MagicV2Bytes) ? 2
        : throw new DamagedContainerException(ContainerFault.UnknownVersion);
}
