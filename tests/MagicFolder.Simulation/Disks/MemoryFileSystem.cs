using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Simulation.Disks;

/// <summary>
/// The disk of one simulated computer: inodes and a clock. It outlives the programs that use it. Times are those of <paramref name="clockNs"/>
/// rounded down to <paramref name="tickNs"/>, as on a real kernel; numbers of freed inodes are given again, latest first, if <paramref name="reuseInodes"/>;
/// <paramref name="names"/> says which spellings are one name.
/// </summary>
internal sealed class MemoryFileSystem(Func<long> clockNs, long tickNs, bool reuseInodes, NameOrder names, PageCache? cache = null)
{
    private readonly Stack<ulong> _free = new();
    private ulong _next = 100;

    /// <summary>Its number, which every restart of the computer makes another.</summary>
    public ulong Device { get; private set; } = 7;

    /// <summary>None: whatever is written is on the medium at once.</summary>
    public PageCache? Cache => cache;

    /// <summary>Told of every path under which something was made, changed, moved or removed, as whoever did it spelled it: what a watcher of the real disk hears.</summary>
    public Action<RelativePath> OnChange { get; set; } = _ => { };

    public NameOrder Names => names;

    public long NowNs => clockNs() / tickNs * tickNs;

    /// <summary>A tree of its own on this disk, e.g. the folder of a participant.</summary>
    public MemoryTree NewTree() => new(this, NewInode(DiskKind.Directory, 0x1C0));

    public MemoryInode NewInode(DiskKind kind, int mode, byte[]? target = null)
    {
        ulong number = reuseInodes && _free.TryPop(out ulong freed) ? freed : _next++;
        long now = NowNs;
        var inode = new MemoryInode(number, kind, names) { Mode = mode, MtimeNs = now, CtimeNs = now, Target = target ?? [] };
        // A name whose inode was never written is an empty file with these attributes.
        inode.MakeDurable();
        return inode;
    }

    /// <summary>After a power loss: numbers of removed inodes that are back are not free, and the disk itself has another.</summary>
    public void KeepNumbers(HashSet<ulong> used)
    {
        Device++;
        ulong[] free = [.. _free.Where(number => !used.Contains(number)).Reverse()];
        _free.Clear();
        foreach (ulong number in free) _free.Push(number);
    }

    /// <summary>The numbers that new inodes get first, the next one first. Those after them were never given.</summary>
    public IEnumerable<ulong> NumbersToGiveAgain => reuseInodes ? _free : [];

    /// <summary>The same disk at this moment, page cache included, with another clock and nobody who is told of changes.</summary>
    public MemoryFileSystem Copy(Func<long> clock, InodeCopies copies)
    {
        var copy = new MemoryFileSystem(clock, tickNs, reuseInodes, names, cache?.Copy(copies)) { _next = _next, Device = Device };
        foreach (ulong number in _free.Reverse()) copy._free.Push(number);
        return copy;
    }

    /// <summary>To be called whenever a link or an open file has gone.</summary>
    public void ForgetIfUnused(MemoryInode inode)
    {
        if (inode is { Links: 0, OpenFiles: 0 }) _free.Push(inode.Number);
    }

    public void TouchContent(MemoryInode inode)
    {
        inode.MtimeNs = inode.CtimeNs = NowNs;
        cache?.Changed(inode);
    }

    public void TouchAttributes(MemoryInode inode)
    {
        inode.CtimeNs = NowNs;
        cache?.Changed(inode);
    }
}
