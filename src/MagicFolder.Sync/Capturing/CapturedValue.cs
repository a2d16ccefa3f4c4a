using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// What was read, as a version. Its permission bits are those of the disk, unless the disk cannot hold any, or showed others all along than the version that stands there has: these nobody has set, and so the version's
/// stay (docs/decisions/0022-disks-without-permission-bits.md).
/// </summary>
internal static class CapturedValue
{
    /// <summary>What a disk without bits makes up never lets others write, nor run what they have not asked to run.</summary>
    private const int MostOfFile = 0b110_100_100;

    private const int MostOfDirectory = 0b111_101_101;

    /// <param name="content">What was read.</param>
    /// <param name="record">What was recorded at its path, if anything.</param>
    /// <param name="records">A file with the same content may lend its bits to one that was copied or renamed where none can be held.</param>
    internal static EntryValue OfFile(CapturedContent content, MaterializedRecord? record, RecordsTable records)
    {
        var stat = content.Stat;
        var former = record?.Value is { Kind: EntryKind.File } value ? value : null;
        if (!stat.HoldsBits)
        {
            if (former is null && content.Size > 0 && records.WithContent(content.Content, 1) is [var same]) former = same.Value;
            return Of(content, former?.Mode ?? (stat.Mode & MostOfFile));
        }
        var seen = Of(content, stat.Mode);
        return former is not null && record is not null && stat.HasBitOf(record.Signature) ? seen.WithExecutable(former.IsExecutable) : seen;
    }

    internal static EntryValue OfDirectory(DiskStat stat, MaterializedRecord? record) => EntryValue.Directory(
        stat.MtimeNs, stat.HoldsBits ? stat.Mode : record?.Value is { Kind: EntryKind.Directory } former ? former.Mode : stat.Mode & MostOfDirectory);

    private static EntryValue Of(CapturedContent content, int mode) => EntryValue.File(content.Content, content.Size, content.Stat.MtimeNs, mode);
}
