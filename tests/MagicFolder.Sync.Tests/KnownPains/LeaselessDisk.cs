using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A disk that cannot tell who has a file open, like one on a network; or, one of which somebody has everything open for ever.</summary>
internal sealed class LeaselessDisk(IDisk inner, bool tells) : IDisk
{
    public DiskStat? Stat(RelativePath path) => inner.Stat(path);

    public IReadOnlyList<DiskName> List(RelativePath directory) => inner.List(directory);

    public IDiskFile OpenRead(RelativePath path) => inner.OpenRead(path);

    public byte[] ReadLink(RelativePath path) => inner.ReadLink(path);

    public IDiskFile CreateFile(RelativePath path, int mode) => inner.CreateFile(path, mode);

    public void CreateDirectory(RelativePath path, int mode) => inner.CreateDirectory(path, mode);

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) => inner.CreateSymlink(path, target);

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => inner.Move(from, to, kind);

    public void Remove(RelativePath path) => inner.Remove(path);

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => inner.SetAttributes(path, mtimeNs, mode);

    public void Flush(IReadOnlyCollection<RelativePath> paths) => inner.Flush(paths);

    public void FlushAll() => inner.FlushAll();

    public bool MayHaveWriters(RelativePath file) => true;

    public bool TellsWriters(RelativePath file) => tells;

    public void Dispose() => inner.Dispose();
}
