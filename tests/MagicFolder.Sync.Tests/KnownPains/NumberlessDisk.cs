using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A disk that tells nothing from another thing by a number, like that of Windows here.</summary>
internal sealed class NumberlessDisk(IDisk inner) : IDisk
{
    public DiskStat? Stat(RelativePath path) => inner.Stat(path) is { } stat ? Without(stat) : null;

    public IReadOnlyList<DiskName> List(RelativePath directory) => [.. inner.List(directory).Select(name => name with { Stat = Without(name.Stat) })];

    public IDiskFile OpenRead(RelativePath path) => new NumberlessFile(inner.OpenRead(path));

    public byte[] ReadLink(RelativePath path) => inner.ReadLink(path);

    public IDiskFile CreateFile(RelativePath path, int mode) => new NumberlessFile(inner.CreateFile(path, mode));

    public void CreateDirectory(RelativePath path, int mode) => inner.CreateDirectory(path, mode);

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) => inner.CreateSymlink(path, target);

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => inner.Move(from, to, kind);

    public void Remove(RelativePath path) => inner.Remove(path);

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => inner.SetAttributes(path, mtimeNs, mode);

    public void Flush(IReadOnlyCollection<RelativePath> paths) => inner.Flush(paths);

    public void FlushAll() => inner.FlushAll();

    public bool MayHaveWriters(RelativePath file) => inner.MayHaveWriters(file);

    public void Dispose() => inner.Dispose();

    private static DiskStat Without(DiskStat stat) => stat with { Inode = 0, Device = 0 };

    private sealed class NumberlessFile(IDiskFile inner) : IDiskFile
    {
        public DiskStat Stat() => Without(inner.Stat());

        public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public void Flush() => inner.Flush();

        public void Dispose() => inner.Dispose();
    }
}
