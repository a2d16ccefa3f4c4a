using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

/// <summary>
/// Looking at one folder on a disk. Paths are relative to the folder's root. No call follows a symlink, neither in the last name nor on the
/// way to it: a symlink on the way is <see cref="DiskFault.SymlinkOnTheWay"/>. Synchronous; safe for concurrent use. Trouble is a <see cref="DiskException"/>.
/// </summary>
public interface IDiskReader
{
    /// <summary>What is there (lstat), or null when nothing is. An unreadable parent is a <see cref="DiskException"/>, never null.</summary>
    DiskStat? Stat(RelativePath path);

    /// <summary>
    /// The names in a directory with what stands behind each, in ascending order of the names' bytes, without "." and "..". A name that vanished between
    /// listing and looking is left out; one that could not be looked at carries the fault.
    /// </summary>
    IReadOnlyList<DiskName> List(RelativePath directory);

    /// <summary>Opens a regular file for reading without blocking on a FIFO; anything else is <see cref="DiskFault.WrongKind"/>.</summary>
    IDiskFile OpenRead(RelativePath path);

    /// <summary>The target of a symlink as bytes.</summary>
    byte[] ReadLink(RelativePath path);
}

/// <summary>One name of a directory as raw bytes. Either <paramref name="Stat"/> or <paramref name="Fault"/> is meaningful.</summary>
public readonly record struct DiskName(byte[] Name, DiskStat Stat, DiskFault Fault);
