using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;
using MagicFolder.State;

namespace MagicFolder.Sync;

/// <summary>Keeps the state database from growing without bound: nodes of former trees and old lines of the activity log go, now and then.</summary>
internal sealed class Housekeeping(EngineParts parts)
{
    /// <summary>Lines of activity kept; what <c>why</c> can still tell.</summary>
    private const int ActivityKept = 20_000;

    /// <summary>Looking costs a count over all nodes, so it is not done in every round.</summary>
    private const int RoundsBetween = 256;

    /// <summary>A leaf has about 32 entries; with fewer entries a node than this, most nodes are of former trees.</summary>
    private const long FewestEntriesPerNode = 8;

    private const long AlwaysTolerated = 4096;

    private readonly ParticipantDatabase _state = parts.State;
    private int _rounds;

    /// <summary>To be called between two rounds, outside of any transaction.</summary>
    internal void AfterRound(Dmt tree)
    {
        if (_rounds++ % RoundsBetween != 0) return;
        long most = AlwaysTolerated + (tree.Summary.Entries / FewestEntriesPerNode);
        if (_state.Nodes.Count() <= most) return;
        var live = new HashSet<BlobId>();
        Mark(tree.Root, live);
        using var transaction = _state.Begin();
        _state.Nodes.Sweep(live);
        _state.Activity.Trim(ActivityKept);
        transaction.Commit();
    }

    private void Mark(BlobId id, HashSet<BlobId> live)
    {
        if (!live.Add(id)) return;
        var node = DmtNode.Decode(_state.Nodes.Load(id));
        if (node.IsLeaf) return;
        foreach (var child in node.Children) Mark(child, live);
    }
}
