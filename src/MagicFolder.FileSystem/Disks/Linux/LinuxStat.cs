using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>The layout of struct statx (statx(2)), the same on every architecture.</summary>
internal static class LinuxStat
{
    public const int BufferLength = 256;

    private const int KindMask = 0xF000;

    /// <summary>Fewer fit into 64 bits of nanoseconds with something to spare.</summary>
    private const long MostSeconds = long.MaxValue / 1_000_000_000;

    public static DiskStat Parse(ReadOnlySpan<byte> statx)
    {
        int mode = U16(statx, 28);
        var kind = (mode & KindMask) switch
        {
            0x8000 => DiskKind.File,
            0x4000 => DiskKind.Directory,
            0xA000 => DiskKind.Symlink,
            _ => DiskKind.Special,
        };
        ulong device = ((ulong)U32(statx, 136) << 32) | U32(statx, 140);
        return new DiskStat(kind, (long)U64(statx, 40), Time(statx, 112), Time(statx, 96), U64(statx, 32), device, mode & 0xFFF, (int)U32(statx, 16));
    }

    /// <summary>Saturates at the ends of what 64 bits of nanoseconds hold (the years 1677 and 2262).</summary>
    private static long Time(ReadOnlySpan<byte> statx, int offset)
    {
        long seconds = (long)U64(statx, offset), ns = U32(statx, offset + 8);
        if (seconds is > -MostSeconds and < MostSeconds) return (seconds * 1_000_000_000) + ns;
        return Saturated(seconds, ns);
    }

    // By itself, since nothing is compiled ahead that has to do with an Int128.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Saturated(long seconds, long ns) => (long)Int128.Clamp(((Int128)seconds * 1_000_000_000) + ns, long.MinValue, long.MaxValue);

    // The kernel writes in the machine's order, and every machine that .NET runs Linux on here is little-endian.
    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
