using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Simulation.Disks;

/// <summary>
/// One process's view of a <see cref="MemoryTree"/>. <paramref name="before"/> is called before the effect of every call, and may act as a user, throw a
/// <see cref="DiskException"/> (the call fails), or throw <see cref="Runs.SimulatedCrash"/>; <paramref name="after"/> after every call that changed something.
/// </summary>
internal sealed class MemoryDisk(MemoryTree tree, Action<DiskCall> before, Action<DiskCall> after) : IDisk
{
    public DiskStat? Stat(RelativePath path)
    {
        Before(nameof(Stat), path);
        return tree.Stat(path);
    }

    public IReadOnlyList<DiskName> List(RelativePath directory)
    {
        Before(nameof(List), directory);
        return tree.List(directory);
    }

    public IDiskFile OpenRead(RelativePath path)
    {
        Before(nameof(OpenRead), path);
        return new OpenFile(this, path, tree.Open(path, write: false));
    }

    public byte[] ReadLink(RelativePath path)
    {
        Before(nameof(ReadLink), path);
        return tree.ReadLink(path);
    }

    public IDiskFile CreateFile(RelativePath path, int mode)
    {
        IDiskFile? file = null;
        Change(nameof(CreateFile), path, null, () => file = new OpenFile(this, path, tree.Create(path, mode)));
        return file!;
    }

    public void CreateDirectory(RelativePath path, int mode) => Change(nameof(CreateDirectory), path, null, () => tree.CreateDirectory(path, mode));

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target)
    {
        byte[] bytes = target.ToArray();
        Change(nameof(CreateSymlink), path, null, () => tree.CreateSymlink(path, bytes));
    }

    public void Move(RelativePath from, RelativePath to, MoveKind kind) =>
        Change(
            kind == MoveKind.Exchange ? "Exchange" : nameof(Move),
            from,
            to,
            () => tree.Rename(from, to, kind == MoveKind.Exchange ? RenameKind.Exchange : RenameKind.NoReplace));

    public void Remove(RelativePath path) => Change(nameof(Remove), path, null, () => tree.Remove(path));

    public void RemoveDirectory(RelativePath path) => Change(nameof(Remove), path, null, () => tree.Remove(path, directory: true));

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) =>
        Change(nameof(SetAttributes), path, null, () => tree.SetAttributes(path, mtimeNs, mode));

    public void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode) => Change(nameof(SetDirectoryAttributes), path, null, () =>
    {
        if (tree.Find(path) is { IsDirectory: false }) throw new DiskException(DiskFault.WrongKind, path, $"{path}: no directory");
        tree.SetAttributes(path, mtimeNs, mode);
    });

    public void Flush(IReadOnlyCollection<RelativePath> paths)
    {
        Before(nameof(Flush), paths.FirstOrDefault());
        foreach (var path in paths) tree.Flush(path);
    }

    public void FlushAll()
    {
        Before(nameof(FlushAll), RelativePath.Root);
        tree.FileSystem.Cache?.FlushAll();
    }

    public bool MayHaveWriters(RelativePath file)
    {
        Before(nameof(MayHaveWriters), file);
        return tree.Find(file) is { Writers: > 0 };
    }

    public DiskFault WhyClosed(RelativePath directory)
    {
        Before(nameof(WhyClosed), directory);
        return tree.IsClosed(directory) ? DiskFault.AccessDenied : DiskFault.None;
    }

    public void Dispose()
    {
        // The file system outlives the process.
    }

    private void Before(string name, RelativePath path) => before(new DiskCall(name, path, null, Changes: false));

    private void Change(string name, RelativePath path, RelativePath? to, Action effect)
    {
        var call = new DiskCall(name, path, to, Changes: true);
        before(call);
        effect();
        after(call);
    }

    private sealed class OpenFile(MemoryDisk disk, RelativePath path, MemoryOpenFile file) : IDiskFile
    {
        public DiskStat Stat()
        {
            disk.Before("FileStat", path);
            return file.Stat();
        }

        public int Read(long offset, Span<byte> buffer)
        {
            disk.Before(nameof(Read), path);
            return file.Read(offset, buffer);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            byte[] copy = bytes.ToArray();
            disk.Change(nameof(Write), path, null, () => file.Write(offset, copy));
        }

        public bool TrySetAttributes(long mtimeNs, int? mode)
        {
            disk.Change(nameof(SetAttributes), path, null, () => file.SetAttributes(mtimeNs, mode));
            return true;
        }

        public void Flush()
        {
            disk.Before("FileFlush", path);
            file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}
