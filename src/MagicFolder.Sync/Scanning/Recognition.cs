using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Scanning;

/// <summary>Does what stands on the disk still look as it was recorded?</summary>
internal static class Recognition
{
    /// <summary>
    /// A directory has no content of its own, so its kind is all. The executable bit is part of the signature: a chmod within the clock's tick in which the file was put there shows in nothing else.
    /// </summary>
    internal static bool LooksLike(this DiskStat stat, EntryValue value, DiskSignature signature) =>
        stat.Kind == KindOf(value.Kind) && (value.Kind == EntryKind.Directory || stat.ToSignature() == signature);

    /// <summary>
    /// Has nobody made it executable since, or taken that away? What the disk showed then is asked, not the version: where the disk holds no bits, or held none then, they are not its user's.
    /// </summary>
    internal static bool HasBitOf(this DiskStat stat, DiskSignature signature) => stat.Executable is not { } now || signature.Executable is not { } then || now == then;

    /// <summary>The same, and old enough that a later change could not carry the same signature.</summary>
    internal static bool LooksLike(this DiskStat stat, MaterializedRecord record) =>
        stat.LooksLike(record.Value, record.Signature) && (!record.Racy || record.Value.Kind == EntryKind.Directory);

    private static DiskKind KindOf(EntryKind kind) => kind switch
    {
        EntryKind.File => DiskKind.File,
        EntryKind.Directory => DiskKind.Directory,
        _ => DiskKind.Symlink,
    };
}
