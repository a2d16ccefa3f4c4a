using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Simulation.Disks;

/// <summary>An open file. It stays with its inode, whatever happens to the name: exchanged, moved or removed.</summary>
internal sealed class MemoryOpenFile : IDiskFile
{
    private readonly MemoryFileSystem _fs;
    private readonly RelativePath _path;
    private readonly bool _writable;
    private bool _closed;

    public MemoryOpenFile(MemoryFileSystem fs, MemoryInode inode, RelativePath path, bool writable)
    {
        _fs = fs;
        _path = path;
        _writable = writable;
        Inode = inode;
        inode.OpenFiles++;
        if (writable) inode.Writers++;
    }

    public MemoryInode Inode { get; }

    public DiskStat Stat()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return Inode.ToStat(_fs.Device);
    }

    public int Read(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (offset >= Inode.Content.Length) return 0;
        int count = (int)Math.Min(buffer.Length, Inode.Content.Length - offset);
        Inode.Content.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!_writable) throw new DiskException(DiskFault.AccessDenied, _path, $"{_path}: opened for reading only");
        if (bytes.IsEmpty) return;
        var content = new byte[Math.Max(Inode.Content.Length, offset + bytes.Length)];
        Inode.Content.CopyTo(content, 0);
        bytes.CopyTo(content.AsSpan((int)offset));
        Inode.Replace(content);
        _fs.TouchContent(Inode);
        _fs.OnChange(_path);
    }

    public void SetAttributes(long mtimeNs, int? mode)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (mode is { } bits) Inode.Mode = bits & 0xFFF;
        Inode.MtimeNs = mtimeNs;
        _fs.TouchAttributes(Inode);
        _fs.OnChange(_path);
    }

    public void Truncate(int length)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        Inode.Replace(Inode.Content[..Math.Min(length, Inode.Content.Length)]);
        _fs.TouchContent(Inode);
        _fs.OnChange(_path);
    }

    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _fs.Cache?.Flush(Inode);
    }

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        Inode.OpenFiles--;
        if (_writable) Inode.Writers--;
        _fs.ForgetIfUnused(Inode);
    }
}
