using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Planning;

namespace MagicFolder.Sync.Applying;

/// <summary>Takes the records of a directory that was moved as a whole along, as records of the versions that the tree has at the new place. Part of the caller's transaction.</summary>
internal sealed class MovedRecords(EngineParts parts, EngineTools tools, Dmt tree)
{
    private readonly ParticipantDatabase _state = parts.State;

    /// <summary>Returns how many paths are right now.</summary>
    /// <param name="move">What was done.</param>
    /// <param name="tookOver">Called with the record of before and that of now.</param>
    internal int TakeOver(DirectoryMove move, Action<MaterializedRecord, MaterializedRecord> tookOver) => TakeOver(move, _ => true, tookOver);

    /// <summary>
    /// After a crash: of what is there, however it looks, since who changed it had this version in front of them. What is not there is brought anew, since nobody can tell any more who removed it.
    /// </summary>
    internal void Recover(DirectoryMove move) => TakeOver(move, item => MayBeThere(item.To), (_, _) => { });

    private int TakeOver(DirectoryMove move, Predicate<MovedItem> mayTake, Action<MaterializedRecord, MaterializedRecord> tookOver)
    {
        int done = 0;
        if (_state.Records.Find(move.From) is { } self && parts.Disk.StatOrNull(move.To) is { Kind: DiskKind.Directory } stat)
            Take(self with { Signature = stat.ToSignature() }, move.To, VersionAt(move.To));
        foreach (var item in MovedItem.Pair(move.From, _state.Records.Under(move.From), move.To, tree.ItemsUnder(move.To)))
        {
            if (mayTake(item)) Take(item.Record, item.To, item.Item is null ? null : VersionAt(item.To));
            else _state.Records.Remove(item.Record.Path);
        }
        tools.RecheckImpliedParent(move.From);
        return done;

        void Take(MaterializedRecord record, RelativePath to, DesiredVersion? version)
        {
            var now = version is null ? record with { Path = to } : new MaterializedRecord(to, version.Dots, version.Value, record.Signature, Racy: record.Racy);
            _state.Records.Remove(record.Path);
            _state.Records.Put(now);
            tookOver(record, now);
            done += Done(record.Path) + Done(to);
        }
    }

    /// <summary>What cannot be looked at is there.</summary>
    private bool MayBeThere(RelativePath path)
    {
        try
        {
            return parts.Disk.StatOrNull(path) is not null;
        }
        catch (DiskException)
        {
            return true;
        }
    }

    private DesiredVersion? VersionAt(RelativePath path) => DesiredState.Of(tree.Find(path), tree.HasDescendants(path), null).Main;

    private int Done(RelativePath path)
    {
        _state.Pending.Remove(path);
        tools.ApplyProblems.Forget(path);
        parts.Progress.AddApplied();
        return 1;
    }
}
