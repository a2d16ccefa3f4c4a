using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Capturing;

/// <summary>
/// Reads a file once from start to end and says afterwards whether the bytes are what stands there under one signature. Not safe for concurrent use.
/// </summary>
public sealed class StableReader : IDisposable
{
    private readonly IDiskReader _disk;
    private readonly IDiskFile _file;

    private StableReader(IDiskReader disk, IDiskFile file, RelativePath path, DiskStat opened)
    {
        _disk = disk;
        _file = file;
        Path = path;
        Opened = opened;
    }

    public RelativePath Path { get; }

    /// <summary>What the file was when it was opened.</summary>
    public DiskStat Opened { get; }

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <exception cref="DiskException">Not there, not a regular file, not readable.</exception>
    public static StableReader Open(IDisk disk, RelativePath path)
    {
        var file = disk.OpenRead(path);
        try
        {
            // A store through a mapping changes the times only when its page is clean. Flushing makes all pages clean, so that from now on every store shows.
            if (file.MayHaveWriters() ?? disk.MayHaveWriters(path)) file.Flush();
            return new StableReader(disk, file, path, file.Stat());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The next bytes (ask for about 1 MiB); 0 at the end.</summary>
    public int Read(Span<byte> buffer)
    {
        int read = _file.Read(Position, buffer);
        Position += read;
        return read;
    }

    /// <summary>Nothing has changed so far, at a glance: reading on may be worth while.</summary>
    public bool IsStill() => _file.Stat() == Opened;

    /// <summary>
    /// After the end was reached: the stat under which these bytes are in place, or null when the file changed, or was replaced, while it was read.
    /// </summary>
    // RACE: a write in the same tick of the clock as the last one before opening leaves the same times; the record is racy then (see Racy) and is read again.
    public DiskStat? Confirm()
    {
        if (Position != Opened.Size || !IsStill()) return null;
        return _disk.Stat(Path) is { } now && now.ToSignature() == Opened.ToSignature() ? now : null;
    }

    public void Dispose() => _file.Dispose();
}
