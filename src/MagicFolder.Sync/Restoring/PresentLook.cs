using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Restoring;

/// <summary>Looks at what there is now where something is to be put in place.</summary>
internal static class PresentLook
{
    /// <param name="view">The participant's state.</param>
    /// <param name="disk">Its directory.</param>
    /// <param name="path">Where.</param>
    /// <param name="coming">Directories that are to be put in place as well.</param>
    internal static PresentState At(FolderView view, IDisk disk, RelativePath path, IReadOnlySet<RelativePath> coming)
    {
        var state = view.State;
        bool holdsSomething = disk.StatOrNull(path) is { Kind: DiskKind.Directory } && disk.List(path).Count > 0;
        bool isInConflict = ConflictList.At(view, path) is not null;
        RelativePath? fileAbove = null;
        foreach (var above in Above(path))
            if (state.Records.Find(above) is { Value.Kind: not EntryKind.Directory } && !coming.Contains(above)) fileAbove ??= above;
        return new PresentState(holdsSomething, isInConflict, state.Pending.Contains(path) && !IsRemovalHeld(view, path), fileAbove);
    }

    /// <summary>It was deleted elsewhere, and the deletion guard keeps it here: nothing else waits to be done to it.</summary>
    private static bool IsRemovalHeld(FolderView view, RelativePath path) =>
        view.State.Guard.Find(GuardOrigins.Remote) is not null && view.State.Records.Find(path) is not null && view.Tree().Find(path) is null;

    /// <summary>The directories above a path, from the root down, the root itself left out.</summary>
    internal static IEnumerable<RelativePath> Above(RelativePath path)
    {
        var above = new Stack<RelativePath>();
        for (var up = path.Parent; !up.IsRoot; up = up.Parent) above.Push(up);
        return above;
    }
}
