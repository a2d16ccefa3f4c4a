using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

/// <summary>A disk that cannot hold permission bits, and says so of all that stands there.</summary>
public sealed class BitlessDisk(IDisk inner) : IDisk
{
    public DiskStat? Stat(RelativePath path) => inner.Stat(path) is { } stat ? Without(stat) : null;

    public IReadOnlyList<DiskName> List(RelativePath directory) => [.. inner.List(directory).Select(name => name with { Stat = Without(name.Stat) })];

    public IDiskFile OpenRead(RelativePath path) => new BitlessFile(inner.OpenRead(path));

    public byte[] ReadLink(RelativePath path) => inner.ReadLink(path);

    public IDiskFile CreateFile(RelativePath path, int mode) => new BitlessFile(inner.CreateFile(path, mode));

    public void CreateDirectory(RelativePath path, int mode) => inner.CreateDirectory(path, mode);

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) => inner.CreateSymlink(path, target);

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => inner.Move(from, to, kind);

    public DiskStat? Put(RelativePath from, RelativePath to) => inner.Put(from, to) is { } stat ? Without(stat) : null;

    public void Remove(RelativePath path) => inner.Remove(path);

    public void RemoveDirectory(RelativePath path) => inner.RemoveDirectory(path);

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => inner.SetAttributes(path, mtimeNs, mode);

    public void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode) => inner.SetDirectoryAttributes(path, mtimeNs, mode);

    public void Flush(IReadOnlyCollection<RelativePath> paths) => inner.Flush(paths);

    public void FlushAll() => inner.FlushAll();

    public bool MayHaveWriters(RelativePath file) => inner.MayHaveWriters(file);

    public bool TellsWriters(RelativePath file) => inner.TellsWriters(file);

    public DiskFault WhyClosed(RelativePath directory) => inner.WhyClosed(directory);

    public void Dispose() => inner.Dispose();

    private static DiskStat Without(DiskStat stat) => stat with { HoldsBits = false };

    private sealed class BitlessFile(IDiskFile inner) : IDiskFile
    {
        public bool HolesAreZeros => inner.HolesAreZeros;

        public DiskStat Stat() => Without(inner.Stat());

        public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public bool? MayHaveWriters() => inner.MayHaveWriters();

        public bool TrySetAttributes(long mtimeNs, int? mode) => inner.TrySetAttributes(mtimeNs, mode);

        public void BeginFlush(long offset, long length) => inner.BeginFlush(offset, length);

        public void Flush() => inner.Flush();

        public void Dispose() => inner.Dispose();
    }
}
