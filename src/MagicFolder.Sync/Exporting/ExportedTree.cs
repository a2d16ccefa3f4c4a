using MagicFolder.FileSystem.Names;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Restoring;

namespace MagicFolder.Sync.Exporting;

/// <summary>
/// A published tree as others who know nothing of versions are to see it: one value for each name. The versions of a conflict stand side by side, as on a disk. Pure.
/// </summary>
internal static class ExportedTree
{
    /// <summary>In the order of a sorted walk; without directories that stand only because of what is in them.</summary>
    /// <param name="tree">All nodes of it must be there.</param>
    /// <param name="maker">Who published it: the version that it had keeps the name.</param>
    /// <param name="petname">Whose the others are.</param>
    internal static SortedDictionary<RelativePath, EntryValue> Of(Dmt tree, ActorId maker, Func<ActorId, string> petname)
    {
        var all = new SortedDictionary<RelativePath, EntryValue>();
        var conflicts = new List<(DmtItem Item, EntryValue? Main)>();
        foreach (var item in tree.Items())
        {
            bool hasDescendants = item.Entry.Siblings[0].Value.Kind != EntryKind.Directory && tree.HasDescendants(item.Path);
            var main = FormerChoice.Of(item.Entry, hasDescendants, maker);
            if (main is not null) all.Add(item.Path, main);
            if (main is null || item.Entry.IsConflict) conflicts.Add((item, main));
        }
        foreach (var (item, main) in conflicts) AddBeside(all, tree, item, main, petname);
        return all;
    }

    private static void AddBeside(SortedDictionary<RelativePath, EntryValue> all, Dmt tree, DmtItem item, EntryValue? main, Func<ActorId, string> petname)
    {
        foreach (var group in item.Entry.Groups())
        {
            var (dot, value) = group[^1];
            if (main is not null && value.IsSameVersionAs(main)) continue;
            all.Add(ConflictNames.Choose(item.Path, petname(dot.Actor), path => all.ContainsKey(path) || tree.Find(path) is not null || tree.HasDescendants(path)), value);
        }
    }
}
