using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;

namespace MagicFolder.Sync.Pulling;

/// <summary>What a join changes becomes pending. Within the transaction of the join.</summary>
internal sealed class ArrivingChanges(ParticipantDatabase state, IDisk disk)
{
    private readonly Spellings _spellings = new(disk);
    private RelativePath? _lookedAt;

    /// <summary>The number of paths whose entry changed.</summary>
    internal long Count { get; private set; }

    internal void Add(DmtDifference difference)
    {
        Count++;
        RecordIfMade(difference);
        state.Pending.Add(difference.Path);
        AddBlockedParent(difference);
    }

    /// <summary>
    /// A run that failed, or ended before it was noted, may have made the directory that was to stand here until now. Unrecorded it would pass for one that its user made after it had gone elsewhere.
    /// </summary>
    private void RecordIfMade(DmtDifference difference)
    {
        if (difference.Left is not { IsConflict: false, Siblings: [{ Value: { Kind: EntryKind.Directory } value }, ..] } known || difference.Right is { IsConflict: false, Siblings: [{ Value.Kind: EntryKind.Directory }, ..] }) return;
        var path = difference.Path;
        if (!state.Pending.Contains(path) || state.Records.Find(path) is not null || LookDurably(path) is not { } stat) return;
        state.Records.Put(new MaterializedRecord(path, known.DotsOf(value), value, stat.ToSignature()));
    }

    /// <summary>Nobody has flushed its name: recorded, and lost with the power, it would look like a deletion.</summary>
    private DiskStat? LookDurably(RelativePath path)
    {
        try
        {
            if (disk.StatOrNull(path) is not { Kind: DiskKind.Directory } || _spellings.IsAnother(path)) return null;
            disk.Flush([path, .. disk.WayTo(path)]);
            return disk.StatOrNull(path) is { Kind: DiskKind.Directory } stat ? stat : null;
        }
        catch (DiskException)
        {
            return null;
        }
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
