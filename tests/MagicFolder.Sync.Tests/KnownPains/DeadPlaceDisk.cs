using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A disk with a directory that is dead for a while: it cannot be entered, or only not be flushed.</summary>
internal sealed class DeadPlaceDisk(IDisk inner) : IDisk
{
    internal RelativePath? Dead { get; set; }

    internal bool OnlyFlushing { get; set; }

    /// <summary>How often something was asked of it in vain.</summary>
    internal int Refusals { get; private set; }

    public DiskStat? Stat(RelativePath path) => Enter(path).Stat(path);

    public IReadOnlyList<DiskName> List(RelativePath directory) => Enter(directory, isInside: true).List(directory);

    public IDiskFile OpenRead(RelativePath path) => Enter(path).OpenRead(path);

    public byte[] ReadLink(RelativePath path) => Enter(path).ReadLink(path);

    public IDiskFile CreateFile(RelativePath path, int mode) => Enter(path).CreateFile(path, mode);

    public void CreateDirectory(RelativePath path, int mode) => Enter(path).CreateDirectory(path, mode);

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) => Enter(path).CreateSymlink(path, target);

    public void Move(RelativePath from, RelativePath to, MoveKind kind)
    {
        Enter(from);
        Enter(to).Move(from, to, kind);
    }

    public void Remove(RelativePath path) => Enter(path).Remove(path);

    public void RemoveDirectory(RelativePath path) => Enter(path).RemoveDirectory(path);

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => Enter(path).SetAttributes(path, mtimeNs, mode);

    public void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode) => Enter(path).SetDirectoryAttributes(path, mtimeNs, mode);

    public void Flush(IReadOnlyCollection<RelativePath> paths)
    {
        foreach (var path in paths)
            if (OnlyFlushing && path == Dead) throw Refuse(DiskFault.Io, path);
            else Enter(path);
        inner.Flush(paths);
    }

    public void FlushAll() => inner.FlushAll();

    public bool MayHaveWriters(RelativePath file) => Enter(file).MayHaveWriters(file);

    public void Dispose() => inner.Dispose();

    private IDisk Enter(RelativePath path, bool isInside = false) =>
        !OnlyFlushing && Dead is { } dead && (path.IsUnder(dead) || (isInside && path == dead)) ? throw Refuse(DiskFault.AccessDenied, path) : inner;

    private DiskException Refuse(DiskFault fault, RelativePath path)
    {
        Refusals++;
        return new DiskException(fault, path, $"{path} is dead.");
    }
}
