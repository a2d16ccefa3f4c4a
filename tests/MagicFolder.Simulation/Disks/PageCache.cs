using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Disks;

/// <summary>
/// What a computer remembers of its disk that is not on the medium yet. A power loss keeps some of it and loses the rest: changes of directories in any order that
/// their dependencies allow, or only a beginning of them (<paramref name="inOrder"/>, as with a journal); of a file whose content was not flushed the old content, the new one,
/// or the new length with zeros. What users do is always flushed at once, so that whatever a power loss takes is the engine's, and the engine's to answer for.
/// </summary>
internal sealed class PageCache(bool inOrder)
{
    private readonly List<DirectoryChange> _pending = [];
    private readonly HashSet<MemoryInode> _unwritten = [];
    private bool _writeThrough;

    /// <summary>Everything that <paramref name="action"/> does is flushed at once, with what it builds on.</summary>
    public void WriteThrough(Action action)
    {
        bool before = _writeThrough;
        _writeThrough = true;
        try
        {
            action();
        }
        finally
        {
            _writeThrough = before;
        }
    }

    /// <summary>To be called after every change of directories; the entries of one call change together.</summary>
    public void Changed(params ReadOnlySpan<EntryChange> entries)
    {
        var change = new DirectoryChange([.. entries]);
        _pending.Add(change);
        if (_writeThrough) Flush(change);
    }

    /// <summary>To be called after every change of content or attributes.</summary>
    public void Changed(MemoryInode inode)
    {
        if (_writeThrough) inode.MakeDurable();
        else _unwritten.Add(inode);
    }

    /// <summary>fsync: the content and attributes of a file, the entries of a directory. Nothing says that a file's name is durable then.</summary>
    public void Flush(MemoryInode inode)
    {
        inode.MakeDurable();
        _unwritten.Remove(inode);
        if (_pending.FindLast(change => change.Touches(inode)) is not { } last) return;
        if (inOrder) Flush(_pending.GetRange(0, _pending.IndexOf(last) + 1));
        else
            foreach (var change in _pending.Where(change => change.Touches(inode)).ToList()) Flush(change);
    }

    /// <summary>syncfs.</summary>
    public void FlushAll()
    {
        Flush([.. _pending]);
        foreach (var inode in _unwritten) inode.MakeDurable();
        _unwritten.Clear();
    }

    /// <summary>The power is gone: the caller then shows what is durable. Without chance nothing is that was not flushed.</summary>
    public void Lose(SeededRandom? random)
    {
        if (random is not null) KeepSome(random);
        _pending.Clear();
        _unwritten.Clear();
    }

    public PageCache Copy(InodeCopies copies)
    {
        var copy = new PageCache(inOrder);
        copy._pending.AddRange(_pending.Select(change => change.Copy(copies)));
        copy._unwritten.UnionWith(_unwritten.Select(copies.Of));
        return copy;
    }

    private void KeepSome(SeededRandom random)
    {
        int mood = random.Below(4);
        if (mood == 0 || (inOrder && mood < 3)) Flush(_pending.GetRange(0, mood == 0 ? 0 : random.Below(_pending.Count + 1)));
        else
            foreach (var change in _pending.Where(_ => random.Chance(0.5)).ToList()) Flush(change);
        foreach (var inode in _unwritten.OrderBy(inode => inode.Number))
        {
            int way = random.Below(3);
            if (way == 0) inode.MakeDurable();
            else if (way == 1) inode.MakeTorn();
        }
    }

    private void Flush(DirectoryChange change) => Flush(WithDependencies(change));

    private void Flush(List<DirectoryChange> changes)
    {
        foreach (var change in changes)
            if (_pending.Remove(change)) change.MakeDurable();
    }

    private List<DirectoryChange> WithDependencies(DirectoryChange change)
    {
        int end = _pending.IndexOf(change);
        if (end < 0) return [];
        List<DirectoryChange> needed = [change];
        for (int i = end - 1; i >= 0; i--)
            if (needed.Exists(later => later.BuildsOn(_pending[i], withTheWay: _writeThrough))) needed.Add(_pending[i]);
        needed.Reverse();
        return needed;
    }
}
