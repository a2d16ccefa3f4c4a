using MagicFolder.Model.Joining;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Is there room for one more version of a path? In a tree, and among its maker's own in the eyes of the others, who would refuse all that it publishes. As good as always there is.
/// </summary>
internal sealed class VersionRoom(EngineTools tools)
{
    private SnapshotMaker? _self;

    /// <param name="entry">As it would be.</param>
    internal bool Has(Entry? entry) => entry is null || entry.Siblings.Length == 1 || (Dmt.Admits(entry) && (_self ??= tools.Self()).MayHave(entry));
}
