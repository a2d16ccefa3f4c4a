namespace MagicFolder.Simulation.Disks;

/// <summary>The inodes of one disk on a copy of it: one for each, however many names or unwritten changes lead to it. Contents are shared, as nothing changes them in place.</summary>
internal sealed class InodeCopies
{
    private readonly Dictionary<MemoryInode, MemoryInode> _copies = [];

    public MemoryInode Of(MemoryInode inode)
    {
        if (_copies.TryGetValue(inode, out var copy)) return copy;
        _copies.Add(inode, copy = inode.CopyAlone());
        foreach (var (name, child) in inode.Children) copy.Children.Add(name, Of(child));
        foreach (var (name, child) in inode.DurableChildren) copy.DurableChildren.Add(name, Of(child));
        return copy;
    }
}
