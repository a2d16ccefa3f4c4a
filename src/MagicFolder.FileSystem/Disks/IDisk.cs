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

/// <summary>
/// Changing one folder on a disk. The same rules as <see cref="IDiskReader"/>. Nothing here replaces anything: what is in the way makes the call fail with
/// <see cref="DiskFault.Exists"/>, except <see cref="MoveKind.Exchange"/>, which loses nothing.
/// </summary>
public interface IDisk : IDiskReader, IDisposable
{
    /// <summary>Creates an empty file, which must not exist, open for writing and reading.</summary>
    IDiskFile CreateFile(RelativePath path, int mode);

    void CreateDirectory(RelativePath path, int mode);

    void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target);

    /// <summary>Moves atomically within the folder; see <see cref="MoveKind"/>.</summary>
    void Move(RelativePath from, RelativePath to, MoveKind kind);

    /// <summary>Removes a file or symlink, or an empty directory (else <see cref="DiskFault.NotEmpty"/>).</summary>
    void Remove(RelativePath path);

    /// <summary>Removes an empty directory and nothing else: anything else that stands there is <see cref="DiskFault.WrongKind"/>.</summary>
    /// <remarks>This default looks first and then removes; a real disk does both in one step.</remarks>
    void RemoveDirectory(RelativePath path)
    {
        if (Stat(path) is { Kind: not DiskKind.Directory }) throw DiskTrouble.Exception(DiskFault.WrongKind, path, "remove");
        Remove(path);
    }

    /// <summary>Sets mtime (nanoseconds since the epoch) and permission bits of what stands at the path; null leaves it. A symlink has no bits.</summary>
    void SetAttributes(RelativePath path, long? mtimeNs, int? mode);

    /// <summary>
    /// Makes durable the content of these files and the entries of these directories. An implementation may flush more than it was asked to.
    /// </summary>
    void Flush(IReadOnlyCollection<RelativePath> paths);

    /// <summary>Has anybody this file open for writing or mapped writable, as far as the system can tell? Unknown counts as true.</summary>
    bool MayHaveWriters(RelativePath file);
}

/// <summary>An open regular file. Not safe for concurrent use.</summary>
public interface IDiskFile : IDisposable
{
    DiskStat Stat();

    /// <summary>Reads at most the buffer's length; 0 at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes the file's own content durable, stores through mapped memory included.</summary>
    void Flush();
}

public enum MoveKind
{
    /// <summary>Fails with <see cref="DiskFault.Exists"/> if anything is at the destination.</summary>
    NoReplace,

    /// <summary>Both must exist and swap places in one step.</summary>
    Exchange,
}

/// <summary>One name of a directory as raw bytes. Either <paramref name="Stat"/> or <paramref name="Fault"/> is meaningful.</summary>
public readonly record struct DiskName(byte[] Name, DiskStat Stat, DiskFault Fault);
