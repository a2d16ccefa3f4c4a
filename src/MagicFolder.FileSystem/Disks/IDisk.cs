using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

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

    /// <summary>Moves what was made ready to where nothing is (<see cref="MoveKind.NoReplace"/>), and says what stands there then; null when that cannot be said.</summary>
    DiskStat? Put(RelativePath from, RelativePath to)
    {
        Move(from, to, MoveKind.NoReplace);
        try
        {
            return Stat(to);
        }
        catch (DiskException)
        {
            return null;
        }
    }

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

    /// <summary>The same for a directory and nothing else: anything else that stands there is <see cref="DiskFault.WrongKind"/>, and stays as it is.</summary>
    /// <remarks>This default looks first and then sets; a real disk does both on one handle.</remarks>
    void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode)
    {
        if (Stat(path) is { Kind: not DiskKind.Directory }) throw DiskTrouble.Exception(DiskFault.WrongKind, path, "set the attributes of");
        SetAttributes(path, mtimeNs, mode);
    }

    /// <summary>
    /// Makes durable the content of these files and the entries of these directories. An implementation may flush more than it was asked to.
    /// </summary>
    void Flush(IReadOnlyCollection<RelativePath> paths);

    /// <summary>
    /// Makes durable the entries of all directories of the folder, and perhaps much else: at once where the file system flushes as a whole, else directory by directory, but for those that
    /// may not be read. Nothing happens where the system does not offer that.
    /// </summary>
    void FlushAll();

    /// <summary>Has anybody this file open for writing or mapped writable, as far as the system can tell? Unknown counts as true.</summary>
    bool MayHaveWriters(RelativePath file);

    /// <summary>Does the system tell that of this file? If not, waiting until nobody has it open would be waiting for ever.</summary>
    bool TellsWriters(RelativePath file) => true;

    /// <summary>
    /// Why nothing can be put into this directory, where the system tells without anything being tried: <see cref="DiskFault.AccessDenied"/> or <see cref="DiskFault.ReadOnly"/>.
    /// <see cref="DiskFault.None"/> promises nothing.
    /// </summary>
    DiskFault WhyClosed(RelativePath directory) => DiskFault.None;
}

public enum MoveKind
{
    /// <summary>Fails with <see cref="DiskFault.Exists"/> if anything is at the destination.</summary>
    NoReplace,

    /// <summary>Both must exist and swap places in one step; where a file system cannot, over an <see cref="AsidePlace"/>.</summary>
    Exchange,
}
