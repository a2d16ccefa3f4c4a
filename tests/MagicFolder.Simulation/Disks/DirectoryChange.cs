namespace MagicFolder.Simulation.Disks;

/// <summary>One name in one directory gets another meaning.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Name">The name in it.</param>
/// <param name="Was">What it named before.</param>
/// <param name="Is">What it names now.</param>
internal readonly record struct EntryChange(MemoryInode Directory, byte[] Name, MemoryInode? Was, MemoryInode? Is);

/// <summary>A change of one or two names that a medium shows in full or not at all.</summary>
internal sealed class DirectoryChange(EntryChange[] entries)
{
    public bool Touches(MemoryInode directory) => Array.Exists(entries, entry => ReferenceEquals(entry.Directory, directory));

    /// <summary>Nothing can be moved out of a place where it never was, no directory go that had names in it, and nothing get a number that something else still has.</summary>
    /// <param name="earlier">The change that may have to be durable before.</param>
    /// <param name="withTheWay">Also one that made the directory reachable.</param>
    public bool BuildsOn(DirectoryChange earlier, bool withTheWay) =>
        Array.Exists(entries, mine => (withTheWay && earlier.Means(mine.Directory)) || earlier.Names(mine.Directory, mine.Name) || earlier.Means(mine.Was) || earlier.Means(mine.Is) || (mine.Was is { } was && earlier.Touches(was)));

    public void MakeDurable()
    {
        foreach (var (directory, name, _, inode) in entries)
        {
            // Also when something else follows: it may come under another spelling.
            directory.DurableChildren.Remove(name);
            if (inode is not null) directory.DurableChildren.Add(name, inode);
        }
    }

    public DirectoryChange Copy(InodeCopies copies) => new(
    [
        .. entries.Select(entry => new EntryChange(
            copies.Of(entry.Directory), entry.Name, entry.Was is { } was ? copies.Of(was) : null, entry.Is is { } @is ? copies.Of(@is) : null)),
    ]);

    private bool Names(MemoryInode directory, byte[] name) =>
        Array.Exists(entries, entry => ReferenceEquals(entry.Directory, directory) && directory.Names.Compare(entry.Name, name) == 0);

    /// <summary>By its number, which may have been freed by this change, and given again.</summary>
    private bool Means(MemoryInode? inode) =>
        inode is not null && Array.Exists(entries, entry => entry.Was?.Number == inode.Number || entry.Is?.Number == inode.Number);
}
