using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Resolving;

/// <summary>All conflicts of a folder, as one participant has them in front of it.</summary>
public static class ConflictList
{
    /// <summary>Ascending by path.</summary>
    public static IReadOnlyList<PathConflict> Of(FolderView view)
    {
        var conflicts = new List<PathConflict>();
        foreach (var (item, hasDescendants) in Candidates(view.Tree()))
            if (At(view, item.Path, item.Entry, hasDescendants) is { } conflict) conflicts.Add(conflict);
        return conflicts;
    }

    /// <summary>Null when there is no conflict at this path.</summary>
    public static PathConflict? At(FolderView view, RelativePath path)
    {
        var tree = view.Tree();
        return At(view, path, tree.Find(path), tree.HasDescendants(path));
    }

    private static PathConflict? At(FolderView view, RelativePath path, Entry? entry, bool hasDescendants) =>
        PathConflict.Of(path, entry, hasDescendants, view.State.Records.Find(path), view.State.ConflictFiles.ForMain(path), view.Petnames.Of, view.Yielding);

    /// <summary>Entries with several values, and entries that are no directory although something lives below them: what does so comes right behind.</summary>
    private static IEnumerable<(DmtItem Item, bool HasDescendants)> Candidates(Dmt tree)
    {
        DmtItem? before = null;
        foreach (var item in tree.Items())
        {
            if (before is { } candidate && IsCandidate(candidate, item.Path)) yield return (candidate, item.Path.IsUnder(candidate.Path));
            before = item;
        }
        if (before is { } last && IsCandidate(last, null)) yield return (last, false);
    }

    private static bool IsCandidate(DmtItem item, RelativePath? next) =>
        item.Entry.IsConflict || (item.Entry.Siblings[0].Value.Kind != EntryKind.Directory && next is { } path && path.IsUnder(item.Path));
}
