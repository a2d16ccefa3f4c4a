using System.Collections.Immutable;
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

    /// <summary>Returns how many paths are right now: where they were, and where they are.</summary>
    /// <param name="move">What was done.</param>
    /// <param name="tookOver">Called for each directory, with the record of before and that of now.</param>
    internal int TakeOver(DirectoryMove move, Action<MaterializedRecord, MaterializedRecord> tookOver)
    {
        int taken = 0;
        MovedRun? run = null;
        TakeSelf(move, Take);
        foreach (var item in Items(move))
        {
            if (item.Record.Value.Kind == EntryKind.Directory)
            {
                Take(item.Record, item.To, VersionOf(item));
                continue;
            }
            var dots = VersionOf(item)!.Dots;
            Settled(item.Record.Path, item.To);
            // Mostly one computer renamed the directory, and all that is in it has the same dot.
            if (run is { } before && before.Dots.AsSpan().SequenceEqual(dots.AsSpan())) run = before with { Last = item.Record.Path };
            else
            {
                MoveRun(move, run);
                run = new MovedRun(item.Record.Path, item.Record.Path, dots);
            }
        }
        MoveRun(move, run);
        tools.RecheckImpliedParent(move.From);
        // All that is wanted there stands there. Where it came from, nothing is wanted.
        if (_state.Records.Find(move.From) is null) _state.Pending.Remove(move.From);
        _state.Pending.RemoveUnder(move.From);
        if (_state.Records.Find(move.To) is not null) _state.Pending.Remove(move.To);
        _state.Pending.RemoveRecordedUnder(move.To);
        return 2 * taken;

        void Take(MaterializedRecord record, RelativePath to, DesiredVersion? version)
        {
            tookOver(record, MoveOne(record, to, version));
            Settled(record.Path, to);
        }

        void Settled(RelativePath from, RelativePath to)
        {
            tools.ApplyProblems.Forget(from);
            tools.ApplyProblems.Forget(to);
            parts.Progress.AddApplied();
            parts.Progress.AddApplied();
            taken++;
        }
    }

    /// <summary>
    /// After a crash: of what is there, however it looks, since who changed it had this version in front of them. What is not there is brought anew, since nobody can tell any more who removed it.
    /// </summary>
    internal void Recover(DirectoryMove move)
    {
        TakeSelf(move, (record, to, version) => MoveOne(record, to, version));
        foreach (var item in Items(move))
        {
            if (MayBeThere(item.To)) MoveOne(item.Record, item.To, VersionOf(item));
            else _state.Records.Remove(item.Record.Path);
        }
        // What is pending here and there stays so: there may be more to it by now.
        tools.RecheckImpliedParent(move.From);
    }

    private IEnumerable<MovedItem> Items(DirectoryMove move) => MovedItem.Pair(move.From, _state.Records.Under(move.From), move.To, tree.ItemsUnder(move.To));

    private void TakeSelf(DirectoryMove move, Action<MaterializedRecord, RelativePath, DesiredVersion?> take)
    {
        if (_state.Records.Find(move.From) is { } self && parts.Disk.StatOrNull(move.To) is { Kind: DiskKind.Directory } stat)
            take(self with { Signature = stat.ToSignature() }, move.To, VersionOf(tree.Find(move.To), move.To));
    }

    /// <summary>All that is not a directory keeps its value: otherwise the directory would not have been moved.</summary>
    private void MoveRun(DirectoryMove move, MovedRun? run)
    {
        if (run is { } some) _state.Records.Move(move.From, move.To, some.First, some.Last, some.Dots);
    }

    private MaterializedRecord MoveOne(MaterializedRecord record, RelativePath to, DesiredVersion? version)
    {
        // What is settled late others may have changed meanwhile: until that comes, it is what it was.
        if (version is { Value: var value } && !(value.Kind == EntryKind.Directory ? record.Value.Kind == EntryKind.Directory : value == record.Value)) version = null;
        var now = version is null ? record with { Path = to } : new MaterializedRecord(to, version.Dots, version.Value, record.Signature, Racy: record.Racy);
        _state.Records.Remove(record.Path);
        _state.Records.Put(now);
        return now;
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

    private DesiredVersion? VersionOf(MovedItem item) => item.Item is { } there ? VersionOf(there.Entry, item.To) : null;

    private DesiredVersion? VersionOf(Entry? entry, RelativePath path) => DesiredState.Of(entry, tree.HasDescendants(path), null).Main;

    /// <summary>Neighbours, but for directories between them, that are versions of the same dots at their new place.</summary>
    private readonly record struct MovedRun(RelativePath First, RelativePath Last, ImmutableArray<Dot> Dots);
}
