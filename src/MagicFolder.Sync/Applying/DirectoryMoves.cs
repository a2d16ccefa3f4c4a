using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Names;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Planning;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// A directory that was renamed elsewhere is renamed here, in one step, instead of its files being moved one by one (docs/decisions/0020-directories-move-whole.md): where nothing is
/// wanted any more at its place, all that is recorded in it is wanted, unchanged and without conflicts, in a directory that is not there yet, and the disk is as recorded.
/// </summary>
internal sealed class DirectoryMoves(MaterializeContext context, DirectorySteps directories)
{
    /// <summary>Directories that begin with the same file in the same place, of which each is compared.</summary>
    private const int MostCompared = 4;

    private readonly ParticipantDatabase _state = context.Parts.State;

    /// <summary>Finds them, journals, moves, flushes and commits. Returns how many paths are right now.</summary>
    /// <param name="executeBatch">Carries out what was prepared: the directories on the way.</param>
    /// <param name="cancel">Before anything is journalled.</param>
    internal async ValueTask<int> RunAsync(Func<CancellationToken, ValueTask<int>> executeBatch, CancellationToken cancel)
    {
        var moves = Find(cancel);
        if (moves.Count == 0) return 0;
        context.Batch.Open();
        moves.RemoveAll(move => !directories.WillHaveParent(move.To));
        int applied = await executeBatch(cancel);
        Journal(moves);
        var moved = moves.FindAll(TryMove);
        Flush(moved);
        return applied + Commit(moves, moved);
    }

    private List<DirectoryMove> Find(CancellationToken cancel)
    {
        var moves = new List<DirectoryMove>();
        var gone = _state.Pending.RecordedDirectories().Where(path => context.DesiredAt(path, null).Kind == MainKind.Nothing).ToList();
        if (gone.Count == 0) return moves;
        var appeared = new AppearedDirectories(_state.Pending.Unrecorded(), context);
        foreach (var from in gone)
        {
            cancel.ThrowIfCancellationRequested();
            if (moves.Count > 0 && from.IsUnder(moves[^1].From)) continue;
            if (FirstFile(from) is not { } first) continue;
            foreach (var to in appeared.BeginningWith(first).Take(MostCompared))
            {
                if (moves.Exists(other => IsInWay(other.To, to)) || ToBeMoved(from, to) is not { } move) continue;
                moves.Add(move);
                break;
            }
        }
        return moves;
    }

    private (RelativePath Place, BlobId Content)? FirstFile(RelativePath directory)
    {
        foreach (var record in _state.Records.Under(directory))
            if (record.Value is { Kind: EntryKind.File, Size: > 0 } value) return (AppearedDirectories.PlaceIn(directory, record.Path), value.Content);
        return null;
    }

    private static bool IsInWay(RelativePath other, RelativePath to) => to == other || to.IsUnder(other) || other.IsUnder(to);

    /// <summary>Null unless the directory can be moved as it is.</summary>
    private DirectoryMove? ToBeMoved(RelativePath from, RelativePath to)
    {
        context.LookAnew();
        try
        {
            if (NameRules.Check(to, NameRules.Host) != NameFault.None || context.IsIgnored(from) || context.IsIgnored(to)) return null;
            if (context.HasTwin(from) || context.HasTwin(to) || context.StatOrNull(to) is not null) return null;
            if (_state.Records.Find(to) is not null || _state.Records.AnyUnder(to) || HasConflictFiles(from) || HasConflictFiles(to)) return null;
            foreach (var item in Items(from, to))
                if (!Fits(item)) return null;
            if (context.StatOrNull(from) is not { Kind: DiskKind.Directory } stat || !IsAsRecorded(from)) return null;
            return new DirectoryMove(from, to, stat.Inode, stat.Device);
        }
        catch (DiskException)
        {
            // Path by path it will be said what is the matter.
            return null;
        }
    }

    private bool HasConflictFiles(RelativePath directory) =>
        _state.ConflictFiles.All().Any(file => file.Main == directory || file.Main.IsUnder(directory) || file.File.IsUnder(directory));

    private IEnumerable<MovedItem> Items(RelativePath from, RelativePath to) =>
        MovedItem.Pair(from, _state.Records.Under(from), to, context.Tree.ItemsUnder(to));

    private bool Fits(MovedItem item)
    {
        var record = item.Record;
        bool isDirectory = record.Value.Kind == EntryKind.Directory;
        var rules = context.Tools.Ignore.Rules;
        if (rules.Covers(record.Path, isDirectory) || rules.Covers(item.To, isDirectory)) return false;
        // A directory that stands only because of what is in it does so there, too.
        if (item.Item is null) return record.Implied;
        if (context.DesiredAt(item.To, null) is not { Kind: MainKind.Version, Main.Value: { } value, Beside.IsEmpty: true }) return false;
        return isDirectory ? value.Kind == EntryKind.Directory : value == record.Value;
    }

    /// <summary>Nothing in it that was not recorded, or is not any more as it was. What is ignored goes along.</summary>
    private bool IsAsRecorded(RelativePath directory)
    {
        foreach (var observation in new LocalScan(context.Parts, context.Tools.Ignore.Rules).Observe(ScanScope.Of([directory])))
            if (observation is not LocalObservation.Implied) return false;
        return true;
    }

    private void Journal(List<DirectoryMove> moves)
    {
        using var transaction = _state.Begin();
        foreach (var move in moves) _state.DirectoryMoves.Add(move);
        transaction.Commit();
    }

    // RACE: what a user changes in it between the look and this goes along: to them it is in a directory that just got another name. The records keep the signatures that they had, so that the
    // next scan sees it, as a change of the versions that stand there now.
    private bool TryMove(DirectoryMove move)
    {
        try
        {
            context.Parts.Disk.Move(move.From, move.To, MoveKind.NoReplace);
            return true;
        }
        catch (DiskException)
        {
            // Path by path it will be said what is the matter.
            return false;
        }
    }

    /// <summary>A record never speaks of a move that a power loss undid: that would look like a deletion by the user.</summary>
    private void Flush(List<DirectoryMove> moved)
    {
        if (moved.Count > 0) context.Parts.Disk.Flush([.. moved.SelectMany(move => new[] { move.From.Parent, move.To.Parent }).Distinct()]);
    }

    private int Commit(List<DirectoryMove> journalled, List<DirectoryMove> moved)
    {
        using var transaction = _state.Begin();
        var records = new MovedRecords(context.Parts, context.Tools, context.Tree);
        int applied = moved.Sum(move => records.TakeOver(move, RestoreTime));
        foreach (var move in journalled) _state.DirectoryMoves.Remove(move);
        transaction.Commit();
        return applied;
    }

    /// <summary>Directories with other times and bits than the tree says get those when all is done.</summary>
    private void RestoreTime(MaterializedRecord before, MaterializedRecord now)
    {
        if (now.Value.Kind == EntryKind.Directory && now.Value != before.Value) directories.RestoreTimeLater(now.Path, now.Value.MtimeNs);
    }
}
