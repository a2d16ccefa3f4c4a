using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A disk that shows the same permission bits for all files, like FAT, exFAT, NTFS and many network file systems. That they are set has no effect, or is refused.</summary>
internal sealed class FixedBitsDisk(IDisk inner, int mode, bool refuses = false) : IDisk
{
    public DiskStat? Stat(RelativePath path) => inner.Stat(path) is { } stat ? With(stat) : null;

    public IReadOnlyList<DiskName> List(RelativePath directory) => [.. inner.List(directory).Select(name => name with { Stat = With(name.Stat) })];

    public IDiskFile OpenRead(RelativePath path) => new FixedBitsFile(inner.OpenRead(path), this);

    public byte[] ReadLink(RelativePath path) => inner.ReadLink(path);

    public IDiskFile CreateFile(RelativePath path, int mode) => new FixedBitsFile(inner.CreateFile(path, mode), this);

    public void CreateDirectory(RelativePath path, int mode) => inner.CreateDirectory(path, mode);

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) => inner.CreateSymlink(path, target);

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => inner.Move(from, to, kind);

    public void Remove(RelativePath path) => inner.Remove(path);

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode)
    {
        if (refuses && mode is not null) throw DiskTrouble.Exception(DiskFault.AccessDenied, path, "set the permissions of");
        inner.SetAttributes(path, mtimeNs, mode: null);
    }

    public void Flush(IReadOnlyCollection<RelativePath> paths) => inner.Flush(paths);

    public void FlushAll() => inner.FlushAll();

    public bool MayHaveWriters(RelativePath file) => inner.MayHaveWriters(file);

    public void Dispose() => inner.Dispose();

    private DiskStat With(DiskStat stat) => stat.Kind == DiskKind.File ? stat with { Mode = mode } : stat;

    private sealed class FixedBitsFile(IDiskFile inner, FixedBitsDisk disk) : IDiskFile
    {
        public DiskStat Stat() => disk.With(inner.Stat());

        public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public void Flush() => inner.Flush();

        public void Dispose() => inner.Dispose();
    }
}
