using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A disk whose user acts right before calls of the engine.</summary>
internal sealed class ActingDisk(IDisk inner, Action<string, RelativePath> before) : IDisk
{
    public DiskStat? Stat(RelativePath path) => Pass(nameof(Stat), path).Stat(path);

    public IReadOnlyList<DiskName> List(RelativePath directory) => Pass(nameof(List), directory).List(directory);

    public IDiskFile OpenRead(RelativePath path) => new ActingFile(Pass(nameof(OpenRead), path).OpenRead(path), () => before(nameof(IDiskFile.Read), path));

    public byte[] ReadLink(RelativePath path) => Pass(nameof(ReadLink), path).ReadLink(path);

    public IDiskFile CreateFile(RelativePath path, int mode) => Pass(nameof(CreateFile), path).CreateFile(path, mode);

    public void CreateDirectory(RelativePath path, int mode) => Pass(nameof(CreateDirectory), path).CreateDirectory(path, mode);

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) => Pass(nameof(CreateSymlink), path).CreateSymlink(path, target);

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => Pass(nameof(Move), from).Move(from, to, kind);

    public void Remove(RelativePath path) => Pass(nameof(Remove), path).Remove(path);

    public void RemoveDirectory(RelativePath path) => Pass(nameof(RemoveDirectory), path).RemoveDirectory(path);

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => Pass(nameof(SetAttributes), path).SetAttributes(path, mtimeNs, mode);

    public void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode) => Pass(nameof(SetDirectoryAttributes), path).SetDirectoryAttributes(path, mtimeNs, mode);

    public void Flush(IReadOnlyCollection<RelativePath> paths) => Pass(nameof(Flush), RelativePath.Root).Flush(paths);

    public void FlushAll() => Pass(nameof(FlushAll), RelativePath.Root).FlushAll();

    public bool MayHaveWriters(RelativePath file) => Pass(nameof(MayHaveWriters), file).MayHaveWriters(file);

    public DiskFault WhyClosed(RelativePath directory) => Pass(nameof(WhyClosed), directory).WhyClosed(directory);

    public void Dispose() => inner.Dispose();

    private IDisk Pass(string call, RelativePath path)
    {
        before(call, path);
        return inner;
    }

    private sealed class ActingFile(IDiskFile inner, Action beforeRead) : IDiskFile
    {
        public DiskStat Stat() => inner.Stat();

        public int Read(long offset, Span<byte> buffer)
        {
            beforeRead();
            return inner.Read(offset, buffer);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public bool? MayHaveWriters() => inner.MayHaveWriters();

        public void Flush() => inner.Flush();

        public void Dispose() => inner.Dispose();
    }
}
