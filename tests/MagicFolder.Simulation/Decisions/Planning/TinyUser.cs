using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>Somebody who works in the folder: writes, removes, moves, and does so to conflict files as well.</summary>
internal sealed class TinyUser(TinyFolder folder, RunScript script)
{
    // Not among the contents of others.
    private int _nextContent = 100;

    public void Act(SeededRandom random, IReadOnlyList<RelativePath> places)
    {
        var disk = folder.Disk;
        var path = random.Chance(0.6) && disk.Paths.Count > 0 ? disk.Paths[random.Below(disk.Paths.Count)] : random.Pick(places);
        if (IsProgramsOwn(path) || path.NameUtf8.Length > 255) return;
        var there = disk.FindExact(path);
        // Another spelling is there: the user sees that one.
        if (there is null && (disk.Find(path) is not null || (!path.Parent.IsRoot && disk.FindExact(path.Parent) is null))) return;
        switch (random.Below(10))
        {
            case < 3:
                Write(path, there, random);
                break;
            case < 5:
                if (there is not null) Remove(path);
                break;
            case 5:
                Make(path, DiskKind.Directory, random);
                break;
            case 6:
                Make(path, DiskKind.Symlink, random);
                break;
            case 7:
                Touch(path, there, random);
                break;
            case 8:
                if (folder.ConflictFiles.Count > 0) TakeTheirs(random);
                break;
            default:
                // Within the tick in which a file was put there, the bits alone show it.
                if (there is { Kind: DiskKind.File }) Change(path, there, node => node.Mode ^= 0x40, isHidden: random.Chance(0.5));
                break;
        }
    }

    /// <summary>What stands aside for <c>.git</c> is the user's to look at; the rest is not.</summary>
    private bool IsProgramsOwn(RelativePath path) => path.IsReserved && folder.ConflictFileAt(path) is null;

    private void Write(RelativePath path, TinyNode? there, SeededRandom random)
    {
        if (there is not { Kind: DiskKind.File })
        {
            Make(path, DiskKind.File, random);
            return;
        }
        // Within one tick of the clock nothing but the content shows it; a record that young says so of itself.
        bool isHidden = folder.RecordAt(path) is { Racy: true } && random.Chance(0.5);
        Change(path, there, node => node.Content = NextContent(random), isHidden);
    }

    private int NextContent(SeededRandom random) => random.Chance(0.2) ? random.Below(TinyOthers.Contents) : _nextContent++;

    private void Change(RelativePath path, TinyNode node, Action<TinyNode> change, bool isHidden = false)
    {
        folder.Give(node);
        change(node);
        node.IsUnsaved = true;
        if (!isHidden)
        {
            folder.Disk.Changed(node);
            node.MtimeNs = node.CtimeNs;
        }
        script.Note($"user changes {path}{(isHidden ? ", within a tick" : "")}");
    }

    private void Make(RelativePath path, DiskKind kind, SeededRandom random)
    {
        if (!folder.Disk.IsDirectory(path.Parent) || path.Parent.IsReserved) return;
        if (folder.Disk.FindExact(path) is { } there)
        {
            if (there.Kind == kind && kind == DiskKind.Directory) return;
            Remove(path);
        }
        var made = new TinyNode { Kind = kind, Content = kind == DiskKind.Directory ? 0 : NextContent(random), Mode = kind == DiskKind.Directory ? 0x1ED : 0x1A4, IsUnsaved = true };
        if (folder.ConflictFileAt(path) is { } file) (made.ShownOf, made.Shown) = (file.Main, file.Dots);
        folder.Disk.Put(path, made);
        folder.Removed.Remove(path);
        script.Note($"user makes {path}: {kind}");
    }

    private void Touch(RelativePath path, TinyNode? node, SeededRandom random)
    {
        if (node is null) return;
        folder.Disk.Changed(node);
        node.MtimeNs = random.Below(1000);
        script.Note($"user touches {path}");
    }

    private void Remove(RelativePath path)
    {
        foreach (var gone in folder.Disk.Paths.Where(other => other == path || other.IsUnder(path)).ToArray())
        {
            var node = folder.Disk.FindExact(gone)!;
            folder.Give(node);
            folder.Removed[gone] = node;
            folder.Disk.Remove(gone);
        }
        script.Note($"user removes {path}");
    }

    /// <summary>Moves a conflict file over its main.</summary>
    private void TakeTheirs(SeededRandom random)
    {
        var file = folder.ConflictFiles.Values[random.Below(folder.ConflictFiles.Count)];
        var disk = folder.Disk;
        if (disk.FindExact(file.File) is not { Kind: not DiskKind.Directory } node || disk.Find(file.Main) is { Kind: DiskKind.Directory } || !disk.IsDirectory(file.Main.Parent)) return;
        if (disk.FindExact(file.Main) is { } former) folder.Give(former);
        else if (disk.Find(file.Main) is not null) return;
        folder.Give(node);
        disk.Remove(file.File);
        disk.Put(file.Main, new TinyNode { Kind = node.Kind, Content = node.Content, Mode = node.Mode, MtimeNs = node.MtimeNs, IsUnsaved = true });
        script.Note($"user moves {file.File} to {file.Main}");
    }
}
