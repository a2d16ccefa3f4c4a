using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>At rest: every version is visible, nothing else is, and the records say what is there.</summary>
internal sealed class RestChecks(TinyFolder folder)
{
    public void Check()
    {
        foreach (var (path, entry) in folder.Wanted)
            if (!IsHeldBack(path))
                foreach (var sibling in entry.Siblings)
                    if (!IsVisible(path, sibling)) throw new DecisionFailure($"The version {sibling.Dot} of {path} is not to be seen.");
        for (int i = 0; i < folder.Disk.Paths.Count; i++) CheckOnDisk(folder.Disk.Paths[i], folder.Disk.Nodes[i]);
        foreach (var file in folder.ConflictFiles.Values)
            if (!IsHeldBack(file.Main) && folder.VersionsAt(file.Main)?.DotsOf(file.Value) is not { IsEmpty: false }) throw new DecisionFailure($"{file.File} stands for a version that is none.");
    }

    private bool IsVisible(RelativePath path, Sibling sibling)
    {
        if (folder.RecordAt(path) is { } record && record.Dots.Contains(sibling.Dot) && folder.Disk.FindExact(path)?.Value.IsSameVersionAs(sibling.Value) == true) return true;
        foreach (var file in folder.ConflictFilesOf(path))
        {
            if (!file.Value.IsSameVersionAs(sibling.Value) || folder.Disk.FindExact(file.File) is not { } node) continue;
            // One that the user edited stays as it is until they decide.
            if (node.IsUnsaved || (node.Value.IsSameVersionAs(sibling.Value) && file.Dots.Contains(sibling.Dot))) return true;
        }
        return false;
    }

    private void CheckOnDisk(RelativePath path, TinyNode node)
    {
        if (path.IsReserved)
        {
            // One that was edited and decided against stays where it is.
            bool isOwn = node.Kind == DiskKind.Directory || node.IsUnsaved || folder.ConflictFileAt(path) is { } file && IsInGit(file.Main);
            if (!isOwn) throw new DecisionFailure($"{path} was put where only the program's own things are.");
            return;
        }
        if (folder.ConflictFileAt(path) is not null) return;
        if (folder.RecordAt(path) is not { } record) throw new DecisionFailure($"{path} has no record.");
        if (!record.Value.IsSameVersionAs(node.Value)) throw new DecisionFailure($"{path} is not what is recorded.");
        if (!record.Implied && folder.VersionsAt(path) is null) throw new DecisionFailure($"{path} is there, but was deleted.");
    }

    private static bool IsInGit(RelativePath path) => path.Key.StartsWith(".git"u8);

    /// <summary>A name that this computer cannot hold, or that this disk takes for another one that is here, at the path or above it.</summary>
    private bool IsHeldBack(RelativePath path)
    {
        for (var at = path; !at.IsRoot; at = at.Parent)
        {
            if (at.IsReserved || at.NameUtf8.Length > 255) return true;
            if (folder.Disk.Folds && folder.Disk.FindExact(at) is null && folder.Disk.Find(at) is not null) return true;
        }
        return false;
    }
}
