using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests;

/// <summary>Lets somebody else act right before the n-th call (from 0), or makes that call fail.</summary>
public sealed class InterferingDisk(IDisk inner) : IDisk
{
    private readonly Dictionary<int, Action> _before = [];

    public int Calls { get; private set; }

    /// <summary>Faults by call name and path, for every such call.</summary>
    public Dictionary<(string Call, RelativePath Path), DiskFault> Faults { get; } = [];

    /// <summary>The same, but the call fails after it has been done: its answer was lost.</summary>
    public Dictionary<(string Call, RelativePath Path), DiskFault> LateFaults { get; } = [];

    public InterferingDisk Before(int call, Action act)
    {
        _before[call] = _before.TryGetValue(call, out var earlier) ? earlier + act : act;
        return this;
    }

    public DiskStat? Stat(RelativePath path) => Pass(nameof(Stat), path, () => inner.Stat(path));

    public IReadOnlyList<DiskName> List(RelativePath directory) => Pass(nameof(List), directory, () => inner.List(directory));

    public IDiskFile OpenRead(RelativePath path) => Pass(nameof(OpenRead), path, () => inner.OpenRead(path));

    public byte[] ReadLink(RelativePath path) => Pass(nameof(ReadLink), path, () => inner.ReadLink(path));

    public IDiskFile CreateFile(RelativePath path, int mode) => Pass(nameof(CreateFile), path, () => inner.CreateFile(path, mode));

    public void CreateDirectory(RelativePath path, int mode) => Pass(nameof(CreateDirectory), path, () => inner.CreateDirectory(path, mode));

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target)
    {
        var bytes = target.ToArray();
        Pass(nameof(CreateSymlink), path, () => inner.CreateSymlink(path, bytes));
    }

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => Pass(nameof(Move), from, () => inner.Move(from, to, kind));

    public void Remove(RelativePath path) => Pass(nameof(Remove), path, () => inner.Remove(path));

    public void RemoveDirectory(RelativePath path) => Pass(nameof(RemoveDirectory), path, () => inner.RemoveDirectory(path));

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => Pass(nameof(SetAttributes), path, () => inner.SetAttributes(path, mtimeNs, mode));

    public void Flush(IReadOnlyCollection<RelativePath> paths) => Pass(nameof(Flush), RelativePath.Root, () => inner.Flush(paths));

    public void FlushAll() => Pass(nameof(FlushAll), RelativePath.Root, inner.FlushAll);

    public bool MayHaveWriters(RelativePath file) => Pass(nameof(MayHaveWriters), file, () => inner.MayHaveWriters(file));

    public void Dispose() => inner.Dispose();

    private void Pass(string call, RelativePath path, Action action) => Pass(call, path, () =>
    {
        action();
        return true;
    });

    private T Pass<T>(string call, RelativePath path, Func<T> action)
    {
        if (_before.TryGetValue(Calls++, out var act)) act();
        if (Faults.TryGetValue((call, path), out var fault)) throw new DiskException(fault, path, "injected");
        var result = action();
        return LateFaults.TryGetValue((call, path), out var late) ? throw new DiskException(late, path, "injected") : result;
    }
}
