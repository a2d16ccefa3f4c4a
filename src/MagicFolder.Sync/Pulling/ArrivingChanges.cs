using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;

namespace MagicFolder.Sync.Pulling;

/// <summary>What a join changes becomes pending. Within the transaction of the join, which writes no records.</summary>
internal sealed class ArrivingChanges(ParticipantDatabase state)
{
    private RelativePath? _lookedAt;

    /// <summary>The number of paths whose entry changed.</summary>
    internal long Count { get; private set; }

    internal void Add(DmtDifference difference)
    {
        Count++;
        state.Pending.Add(difference.Path);
        AddBlockedParent(difference);
    }

    /// <summary>A path that appears below one which is not a directory changes what that one should be.</summary>
    private void AddBlockedParent(DmtDifference difference)
    {
        if (difference.Left is not null && difference.Right is not null) return;
        var parent = difference.Path.Parent;
        // Neighbours mostly have the same parent.
        if (parent == _lookedAt) return;
        _lookedAt = parent;
        for (; !parent.IsRoot; parent = parent.Parent)
        {
            if (state.Records.Find(parent) is not { } record) continue;
            if (record.Implied || record.Value.Kind != EntryKind.Directory) state.Pending.Add(parent);
            return;
        }
    }
}
