using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Staging;

/// <summary>
/// A file being made ready. Write it at any offsets, then <see cref="Finish"/>; flush it together with others (<see cref="IDisk.Flush"/>) before it is put in
/// place. Disposing closes it and leaves it where it is. Not safe for concurrent use.
/// </summary>
public sealed class StagedFile : IDisposable
{
    private readonly IDisk _disk;
    private readonly IDiskFile _file;

    internal StagedFile(IDisk disk, RelativePath path, IDiskFile file)
    {
        _disk = disk;
        _file = file;
        Path = path;
    }

    /// <summary>Where it is in the staging area.</summary>
    public RelativePath Path { get; }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => _file.Write(offset, bytes);

    /// <summary>See <see cref="IDiskFile.BeginFlush"/>.</summary>
    public void BeginFlush(long offset, long length) => _file.BeginFlush(offset, length);

    /// <summary>Reads back at most the buffer's length; 0 at the end.</summary>
    public int Read(long offset, Span<byte> buffer) => _file.Read(offset, buffer);

    /// <summary>Closes the file, sets its mtime (nanoseconds since the epoch) and permission bits, and says what it is now. The content is not yet durable.</summary>
    /// <remarks>The disk may not hold the time or the bits exactly; the result says what it holds.</remarks>
    public DiskStat Finish(long mtimeNs, int mode)
    {
        bool isSet = _file.TrySetAttributes(mtimeNs, mode);
        _file.Dispose();
        if (isSet && _disk.Stat(Path) is { } finished && finished.MtimeNs == mtimeNs) return finished;
        // A network file system may set the mtime when it writes back at close.
        try
        {
            _disk.SetAttributes(Path, mtimeNs: null, mode);
        }
        catch (DiskException e) when (e.Fault is DiskFault.Unsupported or DiskFault.AccessDenied)
        {
            // A disk without permission bits, such as FAT. The content is what counts.
        }
        _disk.SetAttributes(Path, mtimeNs, mode: null);
        return _disk.Stat(Path) ?? throw DiskTrouble.Exception(DiskFault.NotFound, Path, "finish");
    }

    public void Dispose() => _file.Dispose();
}
