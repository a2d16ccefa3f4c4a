using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Benchmarks.Counting;

/// <summary>Counts the calls to a disk and to the files opened on it.</summary>
internal sealed class CountingDisk(IDisk disk, Tally tally) : IDisk
{
    public DiskStat? Stat(RelativePath path)
    {
        tally.Add("disk Stat");
        return disk.Stat(path);
    }

    public IReadOnlyList<DiskName> List(RelativePath directory)
    {
        tally.Add("disk List");
        return disk.List(directory);
    }

    public IDiskFile OpenRead(RelativePath path)
    {
        tally.Add("disk OpenRead");
        return new CountingFile(disk.OpenRead(path), tally);
    }

    public byte[] ReadLink(RelativePath path)
    {
        tally.Add("disk ReadLink");
        return disk.ReadLink(path);
    }

    public IDiskFile CreateFile(RelativePath path, int mode)
    {
        tally.Add("disk CreateFile");
        return new CountingFile(disk.CreateFile(path, mode), tally);
    }

    public void CreateDirectory(RelativePath path, int mode)
    {
        tally.Add("disk CreateDirectory");
        disk.CreateDirectory(path, mode);
    }

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target)
    {
        tally.Add("disk CreateSymlink");
        disk.CreateSymlink(path, target);
    }

    public void Move(RelativePath from, RelativePath to, MoveKind kind)
    {
        tally.Add("disk Move");
        disk.Move(from, to, kind);
    }

    public void Remove(RelativePath path)
    {
        tally.Add("disk Remove");
        disk.Remove(path);
    }

    public void RemoveDirectory(RelativePath path)
    {
        tally.Add("disk RemoveDirectory");
        disk.RemoveDirectory(path);
    }

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode)
    {
        tally.Add("disk SetAttributes");
        disk.SetAttributes(path, mtimeNs, mode);
    }

    public void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode)
    {
        tally.Add("disk SetDirectoryAttributes");
        disk.SetDirectoryAttributes(path, mtimeNs, mode);
    }

    public void Flush(IReadOnlyCollection<RelativePath> paths)
    {
        tally.Add("disk Flush");
        tally.Add("disk Flush, paths", paths.Count);
        disk.Flush(paths);
    }

    public void FlushAll()
    {
        tally.Add("disk FlushAll");
        disk.FlushAll();
    }

    public bool MayHaveWriters(RelativePath file)
    {
        tally.Add("disk MayHaveWriters");
        return disk.MayHaveWriters(file);
    }

    public void Dispose() => disk.Dispose();
}
