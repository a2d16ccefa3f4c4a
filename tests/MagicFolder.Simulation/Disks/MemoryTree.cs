using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Disks;

/// <summary>What <see cref="MemoryTree.Rename"/> does about a thing that is in the way.</summary>
internal enum RenameKind
{
    NoReplace,
    Exchange,

    /// <summary>As rename(2): what is in the way goes, if it is of the same kind and not a directory with names in it.</summary>
    Replace,
}

/// <summary>
/// POSIX calls on the tree below one directory: what users and <see cref="MemoryDisk"/> alike are made of. No call follows a symlink.
/// Permission bits are those of the one user that everybody here is. Trouble is a <see cref="DiskException"/>.
/// </summary>
internal sealed class MemoryTree(MemoryFileSystem fs, MemoryInode root)
{
    private const int MayRead = 0x100;
    private const int MayWrite = 0x80;
    private const int MayEnter = 0x40;

    public MemoryFileSystem FileSystem => fs;

    public MemoryInode Root => root;

    /// <summary>The same folder on a copy of its disk, where no file is open.</summary>
    public MemoryTree Copy(Func<long> clock)
    {
        var copies = new InodeCopies();
        return new MemoryTree(fs.Copy(clock, copies), copies.Of(root));
    }

    /// <summary>
    /// Everything that calls on this tree can tell, now or later, as bytes; but nothing of what is not flushed. New inodes that get numbers nobody had are not told from
    /// others that do.
    /// </summary>
    public void WriteTo(BinaryWriter writer)
    {
        Dictionary<MemoryInode, int> seen = [];
        writer.Write(fs.Device);
        WriteInode(root);
        foreach (ulong number in fs.NumbersToGiveAgain) writer.Write(number);

        void WriteInode(MemoryInode inode)
        {
            bool isNew = seen.TryAdd(inode, seen.Count);
            writer.Write(inode.Number);
            if (!isNew) return;
            inode.WriteTo(writer);
            writer.Write(inode.Children.Count);
            foreach (var (name, child) in inode.Children)
            {
                writer.Write(name.Length);
                writer.Write(name);
                WriteInode(child);
            }
        }
    }

    /// <summary>The inode at a path or null; the directories on the way must be enterable.</summary>
    public MemoryInode? Find(RelativePath path)
    {
        if (path.IsRoot) return root;
        var parent = FindParent(path);
        return parent?.Children.GetValueOrDefault(path.NameUtf8.ToArray());
    }

    /// <summary>Nothing can be put into it.</summary>
    public bool IsClosed(RelativePath directory) => Find(directory) is { IsDirectory: true } inode && (inode.Mode & (MayWrite | MayEnter)) != (MayWrite | MayEnter);

    public DiskStat? Stat(RelativePath path) => Find(path)?.ToStat(fs.Device);

    public IReadOnlyList<DiskName> List(RelativePath directory)
    {
        var inode = Require(directory);
        if (!inode.IsDirectory) throw Trouble(DiskFault.WrongKind, directory);
        if ((inode.Mode & MayRead) == 0) throw Trouble(DiskFault.AccessDenied, directory);
        bool enter = (inode.Mode & MayEnter) != 0;
        return
        [
            .. inode.Children.OrderBy(child => child.Key, NameOrder.Exact).Select(child => enter
                ? new DiskName(child.Key.ToArray(), child.Value.ToStat(fs.Device), DiskFault.None)
                : new DiskName(child.Key.ToArray(), default, DiskFault.AccessDenied)),
        ];
    }

    public byte[] ReadLink(RelativePath path)
    {
        var inode = Require(path);
        return inode.Kind == DiskKind.Symlink ? inode.Target.ToArray() : throw Trouble(DiskFault.WrongKind, path);
    }

    public MemoryOpenFile Open(RelativePath path, bool write)
    {
        var inode = Require(path);
        if (inode.Kind != DiskKind.File) throw Trouble(DiskFault.WrongKind, path);
        int needed = write ? MayWrite : MayRead;
        if ((inode.Mode & needed) == 0) throw Trouble(DiskFault.AccessDenied, path);
        return new MemoryOpenFile(fs, inode, path, write);
    }

    public MemoryOpenFile Create(RelativePath path, int mode)
    {
        var inode = fs.NewInode(DiskKind.File, mode & 0xFFF);
        Link(path, inode);
        return new MemoryOpenFile(fs, inode, path, writable: true);
    }

    public void CreateDirectory(RelativePath path, int mode) => Link(path, fs.NewInode(DiskKind.Directory, mode & 0xFFF));

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) =>
        Link(path, fs.NewInode(DiskKind.Symlink, 0x1FF, target.ToArray()));

    public void HardLink(RelativePath existing, RelativePath path)
    {
        var inode = Require(existing);
        if (inode.IsDirectory) throw Trouble(DiskFault.WrongKind, existing);
        Link(path, inode);
        fs.TouchAttributes(inode);
    }

    public void Remove(RelativePath path, bool? directory = null)
    {
        var inode = Require(path);
        if (directory is { } wanted && wanted != inode.IsDirectory) throw Trouble(DiskFault.WrongKind, path);
        if (inode.Children.Count > 0) throw Trouble(DiskFault.NotEmpty, path);
        var parent = WritableParent(path);
        Unlink(parent, path.NameUtf8.ToArray(), inode);
        fs.Cache?.Changed(new EntryChange(parent, path.NameUtf8.ToArray(), inode, null));
        fs.OnChange(path);
    }

    public void Rename(RelativePath from, RelativePath to, RenameKind kind)
    {
        if (from.IsRoot || to.IsRoot) throw Trouble(DiskFault.Busy, from);
        var source = Require(from);
        var sourceParent = WritableParent(from);
        var targetParent = WritableParent(to);
        byte[] sourceName = from.NameUtf8.ToArray(), targetName = to.NameUtf8.ToArray();
        CheckName(to);
        var target = targetParent.Children.GetValueOrDefault(targetName);
        if (sourceParent.Mounted != targetParent.Mounted) throw Trouble(DiskFault.CrossDevice, to);
        if (IsUnder(to, from) && source.IsDirectory || kind == RenameKind.Exchange && IsUnder(from, to)) throw Trouble(DiskFault.WrongKind, to);
        switch (kind)
        {
            case RenameKind.NoReplace when target is not null:
                throw Trouble(DiskFault.Exists, to);
            case RenameKind.Exchange when target is null:
                throw Trouble(DiskFault.NotFound, to);
        }
        // Two names of one file stay what they are, but one name may be spelled anew.
        bool isRespelled = ReferenceEquals(sourceParent, targetParent) && fs.Names.Compare(sourceName, targetName) == 0 && !from.Equals(to) && kind == RenameKind.Replace;
        if (ReferenceEquals(source, target) && !isRespelled) return;
        if (kind == RenameKind.Exchange)
        {
            (sourceName, targetName) = (Spelling(sourceParent, sourceName), Spelling(targetParent, targetName));
            sourceParent.Children[sourceName] = target!;
            targetParent.Children[targetName] = source;
            fs.Cache?.Changed(new EntryChange(sourceParent, sourceName, source, target), new EntryChange(targetParent, targetName, target, source));
            fs.TouchAttributes(target!);
        }
        else
        {
            if (target is not null && !isRespelled)
            {
                if (target.IsDirectory != source.IsDirectory) throw Trouble(DiskFault.WrongKind, to);
                if (target.Children.Count > 0) throw Trouble(DiskFault.NotEmpty, to);
                Unlink(targetParent, targetName, target);
            }
            sourceParent.Children.Remove(sourceName);
            targetParent.Children[targetName] = source;
            fs.Cache?.Changed(new EntryChange(sourceParent, sourceName, source, null), new EntryChange(targetParent, targetName, isRespelled ? null : target, source));
        }
        fs.TouchAttributes(source);
        fs.TouchContent(sourceParent);
        fs.TouchContent(targetParent);
        fs.OnChange(from);
        fs.OnChange(to);
    }

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode)
    {
        var inode = Require(path);
        if (mode is { } bits && inode.Kind != DiskKind.Symlink) inode.Mode = bits & 0xFFF;
        if (mtimeNs is { } mtime) inode.MtimeNs = mtime;
        fs.TouchAttributes(inode);
        fs.OnChange(path);
    }

    /// <summary>mount(2): another file system takes the name of a directory, and what was there is out of reach meanwhile. No program is told.</summary>
    /// <param name="path">The mount point.</param>
    /// <param name="there">Its directory, from an earlier time; null for a new and empty one.</param>
    /// <returns>What it covers.</returns>
    public MemoryInode Mount(RelativePath path, MemoryInode? there)
    {
        var covered = Require(path);
        there ??= new MemoryInode(2, DiskKind.Directory, fs.Names) { Mode = covered.Mode, MtimeNs = fs.NowNs, CtimeNs = fs.NowNs, Mounted = fs.Device + 1000 };
        WritableParent(path).Children[path.NameUtf8.ToArray()] = there;
        return covered;
    }

    /// <summary>fsync, if there is something.</summary>
    public void Flush(RelativePath path)
    {
        if (Find(path) is { } inode) fs.Cache?.Flush(inode);
    }

    /// <summary>The power is gone and back. No program runs, no file is open.</summary>
    public void LosePower(SeededRandom? random)
    {
        if (fs.Cache is not { } cache) return;
        cache.Lose(random);
        HashSet<MemoryInode> seen = [];
        ShowDurable(root, seen);
        fs.KeepNumbers([.. seen.Select(inode => inode.Number)]);
    }

    private static void ShowDurable(MemoryInode inode, HashSet<MemoryInode> seen)
    {
        if (!seen.Add(inode)) return;
        inode.ShowDurable();
        foreach (var child in inode.Children.Values)
        {
            ShowDurable(child, seen);
            child.Links++;
        }
    }

    private bool IsUnder(RelativePath path, RelativePath above) =>
        path.IsUnder(above) || (!fs.Names.IsExact && fs.Names.Fold(path.ToString()).StartsWith(fs.Names.Fold(above.ToString()) + "/", StringComparison.Ordinal));

    /// <summary>The name as it is there.</summary>
    private byte[] Spelling(MemoryInode directory, byte[] name) => fs.Names.IsExact ? name : directory.Children.Keys.First(there => fs.Names.Compare(there, name) == 0);

    private static void CheckName(RelativePath path)
    {
        if (path.NameUtf8.Length > 255) throw Trouble(DiskFault.NameTooLong, path);
    }

    private static DiskException Trouble(DiskFault fault, RelativePath path) => new(fault, path, $"{path}: {fault}");

    private MemoryInode? FindParent(RelativePath path)
    {
        var inode = root;
        var key = path.Key;
        while (true)
        {
            if ((inode.Mode & MayEnter) == 0) throw Trouble(DiskFault.AccessDenied, path);
            int end = key.IndexOf((byte)0);
            if (end < 0) return inode;
            if (!inode.Children.TryGetValue(key[..end].ToArray(), out var child)) return null;
            if (child.Kind == DiskKind.Symlink) throw Trouble(DiskFault.SymlinkOnTheWay, path);
            if (!child.IsDirectory) return null;
            inode = child;
            key = key[(end + 1)..];
        }
    }

    private MemoryInode Require(RelativePath path) => Find(path) ?? throw Trouble(DiskFault.NotFound, path);

    private MemoryInode WritableParent(RelativePath path)
    {
        var parent = FindParent(path) ?? throw Trouble(DiskFault.NotFound, path);
        return (parent.Mode & MayWrite) != 0 ? parent : throw Trouble(DiskFault.AccessDenied, path);
    }

    private void Link(RelativePath path, MemoryInode inode)
    {
        CheckName(path);
        if (path.IsRoot) throw Trouble(DiskFault.Exists, path);
        var found = FindParent(path) ?? throw Trouble(DiskFault.NotFound, path);
        byte[] name = path.NameUtf8.ToArray();
        if (found.Children.ContainsKey(name)) throw Trouble(DiskFault.Exists, path);
        var parent = WritableParent(path);
        parent.Children[name] = inode;
        inode.Mounted = parent.Mounted;
        inode.Links++;
        fs.Cache?.Changed(new EntryChange(parent, name, null, inode));
        fs.TouchContent(parent);
        fs.OnChange(path);
    }

    private void Unlink(MemoryInode parent, byte[] name, MemoryInode inode)
    {
        parent.Children.Remove(name);
        inode.Links--;
        fs.TouchAttributes(inode);
        fs.TouchContent(parent);
        fs.ForgetIfUnused(inode);
    }
}
