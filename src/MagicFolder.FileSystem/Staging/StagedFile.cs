using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Staging;

/// <summary>
/// A file being made ready. Write it at any offsets, then <see cref="Finish"/>; flush it together with others (<see cref="IDisk.Flush"/>) before it is put in
/// place. Disposing closes it and leaves it where it is. Not safe for concurrent use.
/// </summary>
/// <remarks>Long stretches of zeros are left out, where nothing was written yet and that reads as zeros all the same: most disks keep nothing for them.</remarks>
public sealed class StagedFile : IDisposable
{
    /// <summary>Few file systems have larger blocks.</summary>
    private const int HoleLength = 64 << 10;

    private readonly IDisk _disk;
    private readonly IDiskFile _file;

    /// <summary>Where what was written ends; and where it ends with what was left out.</summary>
    private long _writtenEnd;
    private long _end;

    internal StagedFile(IDisk disk, RelativePath path, IDiskFile file)
    {
        _disk = disk;
        _file = file;
        Path = path;
    }

    /// <summary>Where it is in the staging area.</summary>
    public RelativePath Path { get; }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int zeros = ZerosToLeaveOut(offset, bytes);
            offset += zeros;
            bytes = bytes[zeros..];
            _end = Math.Max(_end, offset);
            if (bytes.IsEmpty) return;
            int length = LengthBeforeZeros(offset, bytes);
            _file.Write(offset, bytes[..length]);
            offset += length;
            bytes = bytes[length..];
            _writtenEnd = Math.Max(_writtenEnd, offset);
        }
        _end = Math.Max(_end, offset);
    }

    /// <summary>See <see cref="IDiskFile.BeginFlush"/>.</summary>
    public void BeginFlush(long offset, long length) => _file.BeginFlush(offset, length);

    /// <summary>Reads back at most the buffer's length; 0 at the end.</summary>
    public int Read(long offset, Span<byte> buffer) => _file.Read(offset, buffer);

    /// <summary>Closes the file, sets its mtime (nanoseconds since the epoch) and permission bits, and says what it is now. The content is not yet durable.</summary>
    /// <remarks>The disk may not hold the time or the bits exactly; the result says what it holds.</remarks>
    public DiskStat Finish(long mtimeNs, int mode)
    {
        if (_end > _writtenEnd) _file.Write(_end - 1, [0]);
        bool isSet = _file.TrySetAttributes(mtimeNs, mode);
        _file.Dispose();
        if (isSet && _disk.Stat(Path) is { } finished && finished.MtimeNs == mtimeNs) return finished;
        // A network file system may set the mtime when it writes back at close.
        _disk.TrySetAttributes(Path, mtimeNs: null, mode);
        _disk.SetAttributes(Path, mtimeNs, mode: null);
        return _disk.Stat(Path) ?? throw DiskTrouble.Exception(DiskFault.NotFound, Path, "finish");
    }

    public void Dispose() => _file.Dispose();

    /// <summary>How many of the first bytes are zeros in whole blocks at which nothing was written yet. (What was written before may be written anew, with zeros.)</summary>
    private int ZerosToLeaveOut(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HoleLength || !_file.HolesAreZeros || offset < _writtenEnd || offset % HoleLength != 0) return 0;
        int zeros = bytes.IndexOfAnyExcept((byte)0);
        return zeros < 0 ? bytes.Length : zeros - (zeros % HoleLength);
    }

    /// <summary>How many of the first bytes to write in one piece: up to the first block of zeros.</summary>
    private static int LengthBeforeZeros(long offset, ReadOnlySpan<byte> bytes)
    {
        int at = (int)Math.Min(bytes.Length, HoleLength - (offset % HoleLength));
        while (bytes.Length - at >= HoleLength && bytes.Slice(at, HoleLength).ContainsAnyExcept((byte)0)) at += HoleLength;
        return bytes.Length - at >= HoleLength ? at : bytes.Length;
    }
}
