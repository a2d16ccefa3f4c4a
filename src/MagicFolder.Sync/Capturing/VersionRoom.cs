using MagicFolder.Model;
using MagicFolder.Model.Joining;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Is there room for one more version of a path? In a tree, and among its maker's own in the eyes of the others, who would refuse all that it publishes. Only a hostile member makes so many.
/// </summary>
internal sealed class VersionRoom(EngineTools tools)
{
    private SnapshotMaker? _self;

    /// <summary>The entry after a change at one path by somebody who had in front of them what is recorded there.</summary>
    internal static Entry? Change(Entry? entry, MaterializedRecord? recorded, Dot dot, EntryValue? value) =>
        LocalChange.Apply(entry, recorded is null ? [] : LocalChange.InFront(entry, recorded.Dots, recorded.Value, dot.Actor), dot, value);

    internal static Problem ToProblem(RelativePath path) => new(path, "there are too many versions of it at the same time", "settle the conflict first, here or on another computer");

    /// <param name="entry">As it would be.</param>
    internal bool Has(Entry? entry) => entry is null || entry.Siblings.Length == 1 || (Dmt.Admits(entry) && (_self ??= tools.Self()).MayHave(entry));
}
